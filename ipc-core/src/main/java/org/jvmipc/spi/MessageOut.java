package org.jvmipc.spi;

import java.nio.ByteBuffer;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Claim;
import org.jvmipc.SendResult;

/** Where messages go. */
public interface MessageOut extends Port {
    /** Nothing was sent, and nothing will be. */
    int GONE = -1;

    /**
     * Sends a message if there is room: all of it or nothing. Moves the buffer's position to its limit only if sent.
     *
     * @param message at most {@link #maxMessage} bytes from position to limit
     * @return what became of it
     */
    SendResult offer(ByteBuffer message);

    /**
     * Sends several messages as far as there is room, each as {@link #offer} does.
     *
     * @param messages each at most {@link #maxMessage} bytes from position to limit
     * @param offset the first one
     * @param length how many they are, at least 1
     * @return how many were sent; {@link #GONE} if none was and {@link #offer} would say {@code CLOSED}
     */
    default int offer(ByteBuffer[] messages, int offset, int length) {
        for (int sent = 0; sent < length; sent++) {
            SendResult result = offer(messages[offset + sent]);
            if (result != SendResult.SENT) {
                return sent == 0 && result == SendResult.CLOSED ? GONE : sent;
            }
        }
        return length;
    }

    /**
     * Offers messages of one size that lie one behind the other.
     *
     * @param messages holds at least one from its position to its limit; what was sent is consumed
     * @param size of each, at least 1 and at most {@link #maxMessage}
     * @return how many were sent; {@link #GONE} if none was and {@link #offer(ByteBuffer)} would say {@code CLOSED}
     */
    default int offerAll(ByteBuffer messages, int size) {
        int limit = messages.limit();
        int count = 0;
        try {
            for (SendResult result; messages.position() < limit; count++) {
                result = offer(messages.limit(messages.position() + size));
                if (result != SendResult.SENT) {
                    return count == 0 && result == SendResult.CLOSED ? GONE : count;
                }
            }
            return count;
        } finally {
            messages.limit(limit);
        }
    }

    /**
     * The largest message.
     *
     * @return bytes
     */
    int maxMessage();

    /**
     * What to tell a user whose message exceeds the limit.
     *
     * @return the fix
     */
    default String limitAdvice() {
        return "send it in parts";
    }

    /**
     * Whether calls of this port must come from one thread at a time by the user's care, so that core need not lock.
     *
     * @return true for a single-producer ring
     */
    default boolean singleThreaded() {
        return false;
    }

    /**
     * Hands on what was accepted but not yet passed to the kernel.
     *
     * @return true if nothing rests
     */
    default boolean flush() {
        return true;
    }

    /**
     * Whether an accepted {@link #offer} is all there is to it, so that core has a short way for it: nothing ever rests
     * to be flushed, and nothing is thrown after a message was accepted.
     *
     * @return false if core shall look
     */
    default boolean settles() {
        return false;
    }

    /**
     * What a caller of {@code send} gets when {@link #offer} says {@code CLOSED}, where there are no {@link Peers} to
     * tell.
     *
     * @param channel the address, for the message
     * @return the exception
     */
    default RuntimeException ended(String channel) {
        return new ChannelClosedException(channel + " was closed");
    }

    /**
     * Whether the port can tell when a message was taken, see {@link #offerForReceipt}.
     *
     * @return false if transfers are unsupported
     */
    default boolean confirms() {
        return false;
    }

    /**
     * What to tell a user who wants to transfer although {@link #confirms} is false.
     *
     * @return why not, and who can
     */
    default String transferAdvice() {
        return "has no way back for an acknowledgement here, so it cannot transfer; mem:, shm:, and connections of "
                + "unix: (stream or seqpacket) can";
    }

    /**
     * Like {@link #offer}, and {@link #lastTicket()} then stands for this message.
     *
     * @param message the message
     * @return what became of it
     */
    default SendResult offerForReceipt(ByteBuffer message) {
        return offer(message);
    }

    /**
     * The number that stands for the last message of {@link #offerForReceipt}.
     *
     * @return a number that grows from message to message
     */
    default long lastTicket() {
        throw new UnsupportedOperationException("this port does not confirm");
    }

    /**
     * Whether a message was taken: a receiver has returned it. Any thread may ask.
     *
     * @param ticket its number
     * @return true if it was taken
     */
    default boolean isTaken(long ticket) {
        throw new UnsupportedOperationException("this port does not confirm");
    }

    /**
     * Whether messages are taken in the order of their sending, so that none is taken before those sent earlier.
     *
     * @return false if several receivers may take them, one sooner than the other
     */
    default boolean confirmsInOrder() {
        return true;
    }

    /**
     * Tells when {@link #isTaken} may have changed.
     *
     * @return always the same object
     */
    default Readiness takenReadiness() {
        return readiness();
    }

    /**
     * Takes an offered message back if nobody has taken it and the port can; in any case nobody asks for it any more.
     *
     * @param ticket its number, which is over
     * @return true if it will not be delivered
     */
    default boolean withdraw(long ticket) {
        return false;
    }

    /**
     * Whether the channel holds no message by itself: sending is then handing over, as transfer is.
     *
     * @return true for a rendezvous
     */
    default boolean rendezvous() {
        return false;
    }

    /**
     * Whether {@link #tryClaim} is supported.
     *
     * @return false if core shall lend a buffer and copy
     */
    default boolean lends() {
        return false;
    }

    /**
     * Lends room for a message in place.
     *
     * @param length bytes, at most {@link #maxMessage}
     * @return the claim, or null if there is no room or the peers have gone (as {@link Peers} tells)
     */
    default Claim tryClaim(int length) {
        throw new UnsupportedOperationException("this port does not lend memory");
    }
}

package org.jvmipc.spi;

import java.nio.ByteBuffer;
import org.jvmipc.Message;
import org.jvmipc.MessageHandler;
import org.jvmipc.PeerInfo;

/** Where messages come from. */
public interface MessageIn extends Port {
    /** All senders have gone and all they sent has been received. */
    int END = -1;

    /**
     * Hands over what is there, in place; a message counts as taken when its handler has returned or thrown.
     *
     * @param handler gets each message, read-only
     * @param limit how many at most
     * @return how many, 0 if there was none, or {@link #END}
     */
    int poll(MessageHandler handler, int limit);

    /**
     * Whether {@link #peek} works.
     *
     * @return true if a message can be looked at without taking it
     */
    default boolean peeks() {
        return false;
    }

    /**
     * Shows the next message in place; the next {@link #poll} hands it over.
     *
     * @param handler gets the message, read-only
     * @return 1 if there was one, 0 if there was none, or {@link #END}
     * @throws UnsupportedOperationException if this port cannot: {@link #peeks} says so
     */
    default int peek(MessageHandler handler) {
        throw new UnsupportedOperationException("a message cannot be looked at without taking it");
    }

    /**
     * Who sent the message that is being handed over, or was last.
     *
     * @return {@link PeerInfo#UNKNOWN} if the transport cannot tell
     */
    default PeerInfo lastSender() {
        return PeerInfo.UNKNOWN;
    }

    /**
     * Makes a message of what is being handed over. A transport that knows more of it than its sender tells it here.
     *
     * @param payload a copy of its bytes, from position to limit
     * @param missed how many messages were dropped before it
     * @return the message
     */
    default Message message(ByteBuffer payload, long missed) {
        return new Message(payload, lastSender(), missed);
    }

    /**
     * Whether calls of this port must come from one thread at a time by the user's care, so that core need not lock.
     *
     * @return true for a single-consumer ring
     */
    default boolean singleThreaded() {
        return false;
    }

    /**
     * How many messages it has handed over, also to handlers that threw.
     *
     * @return -1 if it does not count them, so that core has to
     */
    default long handedOver() {
        return -1;
    }

    /**
     * The bytes of these messages.
     *
     * @return -1 if it does not count messages
     */
    default long handedOverBytes() {
        return -1;
    }
}

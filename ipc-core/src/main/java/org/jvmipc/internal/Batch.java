package org.jvmipc.internal;

import java.nio.ByteBuffer;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.spi.AfterAcceptance;
import org.jvmipc.spi.MessageOut;

/** Several messages at once, where the transport takes them one by one. */
final class Batch {
    private Batch() {
    }

    /** Sends as many as there is room for; as {@link Sender#trySend(ByteBuffer[], int, int)}. */
    static int sendEach(Sender sender, ByteBuffer[] messages, int offset, int length) {
        for (int count = 0; count < length; count++) {
            SendResult result = sender.trySend(messages[offset + count]);
            if (result != SendResult.SENT) {
                return count == 0 && result == SendResult.CLOSED ? MessageOut.GONE : count;
            }
        }
        return length;
    }

    /** Sends as many as there is room for; as {@link Sender#trySend(ByteBuffer, int)}. */
    static int sendEach(Sender sender, ByteBuffer messages, int size) {
        int limit = messages.limit();
        int count = 0;
        try {
            for (; messages.position() < limit; count++) {
                SendResult result = sender.trySend(messages.limit(messages.position() + size));
                if (result != SendResult.SENT) {
                    return count == 0 && result == SendResult.CLOSED ? MessageOut.GONE : count;
                }
            }
            return count;
        } finally {
            messages.limit(limit);
        }
    }

    /**
     * Offers those of a size in a block, or else those of an array from an offset, which have so many bytes, and counts
     * for a sender what was accepted, also if something failed after that.
     */
    static int offer(PortSender sender, MessageOut out, ByteBuffer block, ByteBuffer[] messages, int sizeOrOffset,
            int wanted, long bytes) {
        int count = 0;
        try {
            count = block != null ? out.offerAll(block, sizeOrOffset) : out.offer(messages, sizeOrOffset, wanted);
        } catch (RuntimeException broken) {
            if (broken instanceof AfterAcceptance) {
                count = block != null ? (int) (bytes - block.remaining()) / sizeOrOffset
                        : consumed(messages, sizeOrOffset, wanted);
            }
            throw broken;
        } finally {
            if (count > 0) {
                sender.count(count, block != null ? (long) count * sizeOrOffset
                        : bytes - left(messages, sizeOrOffset + count, wanted - count));
            }
        }
        return count;
    }

    /** How many buffers, from the first one on, have nothing left. */
    private static int consumed(ByteBuffer[] messages, int offset, int length) {
        int count = 0;
        while (count < length && !messages[offset + count].hasRemaining()) {
            count++;
        }
        return count;
    }

    /** The bytes that are left in buffers. */
    private static long left(ByteBuffer[] messages, int offset, int length) {
        long bytes = 0;
        for (int i = offset; i < offset + length; i++) {
            bytes += messages[i].remaining();
        }
        return bytes;
    }

    /** How many messages of a size a buffer holds. */
    static int count(ByteBuffer messages, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("the size of a message is " + size + ", at least 1 is needed");
        }
        int count = messages.remaining() / size;
        if (count * size != messages.remaining()) {
            throw new IllegalArgumentException("the buffer has " + messages.remaining()
                    + " bytes, which is not a whole number of messages of " + size);
        }
        return count;
    }
}

package org.jvmipc.benchmarks.transports;

import java.nio.ByteBuffer;

/**
 * What stands in a message. Four words follow from the first one, which is the sequence (and, with several producers,
 * the producer's number in its upper byte); they are written and checked in each message. The rest is the producer's to
 * copy along: all transports bring the whole message. The size is a constant to the compiler.
 */
public final class Payload {
    /** The system property that tells a child the size. */
    public static final String SIZE_PROPERTY = "org.jvmipc.benchmarks.size";
    /** Bytes in a message, a multiple of 8, at least 32. */
    public static final int SIZE = Integer.getInteger(SIZE_PROPERTY, 32);
    /** Where the second of the four words is. */
    public static final int SECOND = SIZE / 4 & -8;
    /** Where the third of the four words is. */
    public static final int THIRD = SIZE / 2 & -8;
    /** Where the last word is. */
    public static final int LAST = SIZE - 8;
    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final int PRODUCER_SHIFT = 56;

    private Payload() {
    }

    /**
     * The second word of a message.
     *
     * @param first the first one
     * @return the word
     */
    public static long second(long first) {
        return first + STEP;
    }

    /**
     * The third word of a message.
     *
     * @param first the first one
     * @return the word
     */
    public static long third(long first) {
        return first + 2 * STEP;
    }

    /**
     * The last word of a message.
     *
     * @param first the first one
     * @return the word
     */
    public static long last(long first) {
        return first + 3 * STEP;
    }

    /**
     * The first word of a message.
     *
     * @param producer the number of who sends it, 0 if there is one
     * @param sequence its sequence
     * @return the word
     */
    public static long first(int producer, long sequence) {
        return (long) producer << PRODUCER_SHIFT | sequence;
    }

    /**
     * Who has sent a message.
     *
     * @param first its first word
     * @return the number
     */
    public static int producer(long first) {
        return (int) (first >>> PRODUCER_SHIFT);
    }

    /**
     * Whether a message is the one that begins with a word.
     *
     * @param expected the word
     * @param length the message's length
     * @param first its first word
     * @param second its second word
     * @param third its third word
     * @param last its last word
     * @return true if all is as it was sent
     */
    public static boolean isSound(long expected, int length, long first, long second, long third, long last) {
        return (length ^ SIZE | first ^ expected | second ^ second(expected) | third ^ third(expected)
                | last ^ last(expected)) == 0;
    }

    /**
     * Writes the four words into a buffer at an index, in its own byte order.
     *
     * @param message the buffer
     * @param at where the message begins
     * @param first the first word
     */
    static void stamp(ByteBuffer message, int at, long first) {
        message.putLong(at, first);
        message.putLong(at + SECOND, second(first));
        message.putLong(at + THIRD, third(first));
        message.putLong(at + LAST, last(first));
    }

    /** Hands the message at an index of a buffer to a sink. */
    static void read(ByteBuffer message, int at, int length, Sink sink) {
        // A message that is too short would be read beyond its end; its length alone tells that it is wrong.
        if (length == SIZE) {
            sink.accept(length, message.getLong(at), message.getLong(at + SECOND), message.getLong(at + THIRD),
                    message.getLong(at + LAST));
        } else {
            sink.accept(length, 0, 0, 0, 0);
        }
    }

    /** A message with something in it everywhere. */
    static ByteBuffer template() {
        ByteBuffer message = ByteBuffer.allocateDirect(SIZE);
        for (int i = 0; i < SIZE; i++) {
            message.put(i, (byte) (i * 31 + 7));
        }
        return message;
    }
}

package org.jvmipc.benchmarks;

import java.nio.ByteBuffer;

/**
 * What stands in a message: word i of message s is s + i · STEP. The size is a constant to the JIT compiler, as it is
 * to the C compiler on the other side.
 */
final class Pattern {
    /** The system property that tells a child the size. */
    static final String SIZE_PROPERTY = "org.jvmipc.benchmarks.size";
    /** Bytes in a message, a multiple of 8. */
    static final int SIZE = Integer.getInteger(SIZE_PROPERTY, 32);
    /** The sequence of the message that ends a round-trip run. */
    static final long LAST = -1;
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private Pattern() {
    }

    /** Fills a buffer of the size, and makes it ready to be sent. */
    static void fill(ByteBuffer message, long sequence) {
        message.clear();
        for (int at = 0, i = 0; at < SIZE; at += 8, i++) {
            message.putLong(at, sequence + i * STEP);
        }
    }

    /** Whether a message has its size and is the one of a sequence. */
    static boolean isSound(ByteBuffer message, long sequence) {
        if (message.remaining() != SIZE) {
            return false;
        }
        int from = message.position();
        long wrong = 0;
        for (int at = 0, i = 0; at < SIZE; at += 8, i++) {
            wrong |= message.getLong(from + at) ^ sequence + i * STEP;
        }
        return wrong == 0;
    }
}

package org.jvmipc.benchmarks;

import java.nio.ByteBuffer;

/** What stands in a message: word i of message s is s + i · STEP, so that the first word tells all others. */
final class Pattern {
    /** The sequence of the message that ends a run. */
    static final long LAST = -1;
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private Pattern() {
    }

    /** Fills a buffer from 0 to its capacity, and makes it ready to be sent. */
    static void fill(ByteBuffer message, long sequence) {
        message.clear();
        for (int at = 0, i = 0; at < message.capacity(); at += 8, i++) {
            message.putLong(at, sequence + i * STEP);
        }
    }

    /** Tells the sequence of a message. */
    static long sequence(ByteBuffer message) {
        return message.getLong(message.position());
    }

    /** Whether a message has its size and all words follow from the first. */
    static boolean isSound(ByteBuffer message, int size) {
        if (message.remaining() != size) {
            return false;
        }
        int from = message.position();
        long sequence = message.getLong(from);
        long wrong = 0;
        for (int at = 8, i = 1; at < size; at += 8, i++) {
            wrong |= message.getLong(from + at) ^ sequence + i * STEP;
        }
        return wrong == 0;
    }
}

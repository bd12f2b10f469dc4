package org.jvmipc.cli.demo;

/** The blocks in which a stream is written and read: the capacity of a pipe, or one record if that is longer. */
final class Blocks {
    private static final int LEAST = 64 << 10;

    private Blocks() {
    }

    static int length(int recordSize) {
        return Math.max(LEAST, recordSize);
    }
}

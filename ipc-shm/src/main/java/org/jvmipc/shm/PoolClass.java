package org.jvmipc.shm;

/**
 * Blocks of one size.
 *
 * @param bytes of a block, as the user asked for them
 * @param count how many there are
 * @param first the index of the first one
 * @param bitmap where its bits begin
 * @param data where the first block begins
 */
record PoolClass(int bytes, int count, int first, int bitmap, long data) {
    /** From one block to the next; so that no two of them share a line. */
    long stride() {
        return stride(bytes);
    }

    static long stride(int bytes) {
        return PoolLayout.align(bytes, SegmentLayout.LINE);
    }

    /** The words of the bitmap. */
    int words() {
        return (count + Long.SIZE - 1) / Long.SIZE;
    }

    /** Which bits of a word stand for blocks. */
    long mask(int word) {
        int bits = Math.min(Long.SIZE, count - word * Long.SIZE);
        return -1L >>> Long.SIZE - bits;
    }
}

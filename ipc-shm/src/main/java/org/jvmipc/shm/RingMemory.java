package org.jvmipc.shm;

import java.nio.ByteBuffer;

/**
 * The memory of a ring as its algorithm sees it; a twin on the heap stands in for it where a checker of memory models
 * cannot look into mapped memory. Offsets are in bytes, of words a multiple of 8.
 */
abstract class RingMemory {
    abstract long getOpaque(int offset);

    /**
     * As {@link #getOpaque} where others order what is around it: in a call that ends with a release, so that the
     * compiler cannot take it out of a loop of such calls.
     */
    long glance(int offset) {
        return getOpaque(offset);
    }

    abstract long getAcquire(int offset);

    abstract void setOpaque(int offset, long value);

    abstract void setRelease(int offset, long value);

    /** Sets a word if it is what is expected, and tells whether it was; ordered with all that is before and after. */
    abstract boolean compareAndSet(int offset, long expected, long value);

    /**
     * Clears one word, then lets another one be seen, and all that was written before, and then a third one.
     *
     * @param cleared where the word is that becomes 0
     * @param offset where the word is that is published
     * @param word what is published
     * @param after where the word is that follows
     * @param value what it becomes
     */
    void publish(int cleared, int offset, long word, int after, long value) {
        setOpaque(cleared, 0);
        setRelease(offset, word);
        setRelease(after, value);
    }

    /**
     * Copies a message in.
     *
     * @param offset where to
     * @param source holds the message; its position does not matter
     * @param from where in the source
     * @param length how many bytes
     */
    abstract void write(int offset, ByteBuffer source, int from, int length);

    /** As above, of a message at its buffer's position; the position does not move. */
    final void write(int offset, ByteBuffer source, int length) {
        write(offset, source, source.position(), length);
    }

    /**
     * Copies messages of one size in, one behind the other with a word for the length before each; but for the word of
     * the first one, which publishes them.
     *
     * @param offset where the record of the first one begins
     * @param source holds the messages at its position; the position does not move
     * @param size of each, in bytes
     * @param count how many
     */
    void writeRecords(int offset, ByteBuffer source, int size, int count) {
        int record = SegmentLayout.recordSize(size);
        int from = source.position();
        write(offset + SegmentLayout.RECORD_HEADER, source, from, size);
        for (int i = 1, at = offset; i < count; i++) {
            at += record;
            from += size;
            setOpaque(at, size + SegmentLayout.RECORD_HEADER);
            write(at + SegmentLayout.RECORD_HEADER, source, from, size);
        }
    }

    /**
     * Shows a message, read-only, from position to limit, big-endian.
     *
     * @param offset where it begins
     * @param length how many bytes
     * @return always the same buffer, good until the next call
     */
    abstract ByteBuffer read(int offset, int length);

    /**
     * Lends room for a message.
     *
     * @param offset where it begins
     * @param length how many bytes
     * @return a buffer of its own from position 0 to its capacity, big-endian
     */
    abstract ByteBuffer lend(int offset, int length);
}

package org.jvmipc.shm;

/**
 * What a ring with several readers has besides what {@link SegmentLayout} says of every ring, see
 * {@code docs/formats/broadcast.md}. Offsets are from the beginning of the ring with what belongs to it.
 */
final class BroadcastLayout {
    // Lossy only, written by the producer: known beginnings of records.
    static final int MARKS = 3 * SegmentLayout.LINE;
    static final int MARK_SIZE = 16;
    static final int MARK_COUNT = 16;

    // Within a mark.
    static final int MARK_POSITION = 0;
    static final int MARK_MESSAGES = 8;
    /** While a mark is being written. */
    static final long NO_POSITION = -1;

    // Within the line of a reader, of which there is one for each, behind the ring.
    static final int READER_HEAD = 0;
    static final int READER_JOINED = 8;
    static final int READER_START = 16;
    static final int READER_OWN_START = 24;

    private BroadcastLayout() {
    }
}

package org.jvmipc.shm;

/**
 * Where what stands in a {@link SharedSegment}, byte by byte; {@code docs/formats/segment.md} tells the same and a test
 * compares them. All numbers are in native byte order. The first 80 bytes are those of {@link SegmentLayout}, so that
 * one who finds a segment can tell what it is.
 */
final class SharedLayout {
    /** The kind in the header: memory whose use is up to the participants. */
    static final int KIND_MEMORY = 16;
    static final int VERSION = 1;
    /** Bytes before the user's memory. */
    static final int HEADER_SIZE = 16384;

    // Constant once ready.
    static final int MAGIC = SegmentLayout.MAGIC;
    static final int LAYOUT_VERSION = SegmentLayout.LAYOUT_VERSION;
    static final int KIND = SegmentLayout.KIND;
    static final int BYTE_ORDER = SegmentLayout.BYTE_ORDER;
    static final int HEADER_BYTES = SegmentLayout.HEADER_BYTES;
    static final int SIZE = SegmentLayout.CAPACITY;
    static final int FILE_SIZE = SegmentLayout.FILE_SIZE;
    static final int GENERATION = SegmentLayout.GENERATION;
    static final int CREATOR_PID = SegmentLayout.CREATOR_PID;
    /** Written last of all by the creator. */
    static final int STATE = SegmentLayout.STATE;
    static final int TYPE_LENGTH = 76;
    static final int TYPE = 80;
    static final int TYPE_MAX = 96;
    static final int NAME_LENGTH = 176;
    static final int NAME = 184;
    static final int NAME_MAX = 104;
    /** All up to here is constant; what is not mentioned is 0. */
    static final int CONSTANT_END = 288;

    // Where threads wait for a change of a word: a table of lines, each with a sequence and an announcement.
    static final int WAIT_TABLE = 2048;
    static final int WAIT_LINES = 16;
    static final int WAIT_SEQUENCE = 0;
    static final int WAIT_ANNOUNCEMENT = 4;

    // Who is there: slots as of SegmentLayout.
    static final int SLOTS = 4096;
    static final int SLOT_COUNT = 48;

    /** The largest size of the user's memory. */
    static final long MAX_SIZE = 1L << 40;

    /** 2^64 divided by the golden ratio: multiplied by it, neighbours go far apart (Knuth, TAOCP 3, 6.4). */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final int WAIT_SHIFT = 64 - Integer.numberOfTrailingZeros(WAIT_LINES);

    private SharedLayout() {
    }

    static int slot(int index) {
        return SLOTS + index * SegmentLayout.SLOT_SIZE;
    }

    /** The line of the table where those wait who wait for a change of the eight bytes around an offset. */
    static int waitLine(long offset) {
        int index = (int) ((offset >>> 3) * SPREAD >>> WAIT_SHIFT);
        return WAIT_TABLE + index * SegmentLayout.LINE;
    }
}

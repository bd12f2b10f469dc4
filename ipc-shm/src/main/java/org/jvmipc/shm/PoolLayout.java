package org.jvmipc.shm;

/**
 * Where what stands in a {@link SharedPool}, byte by byte, from the beginning of its segment's memory for users; {@code
 * docs/formats/pool.md} tells the same and a test compares them. All numbers are in native byte order.
 */
final class PoolLayout {
    /** "JVMIPOOL", read as characters in memory order. */
    static final byte[] MAGIC_BYTES = {'J', 'V', 'M', 'I', 'P', 'O', 'O', 'L'};
    static final int VERSION = 1;

    // Constant.
    static final int MAGIC = 0;
    static final int LAYOUT_VERSION = 8;
    static final int CLASS_COUNT = 12;
    static final int BLOCK_COUNT = 16;
    static final int DESCRIPTORS = 24;
    static final int POOL_SIZE = 32;

    /** How often blocks became free; threads that need one wait for a change. On a line of its own. */
    static final int RELEASES = SegmentLayout.LINE;

    // The classes of sizes, constant.
    static final int CLASS_TABLE = 2 * SegmentLayout.LINE;
    static final int CLASSES_MAX = 32;
    static final int ENTRY_SIZE = 64;
    static final int BLOCK_BYTES = 0;
    static final int STRIDE = 8;
    static final int COUNT = 16;
    static final int FIRST = 24;
    static final int BITMAP = 32;
    static final int DATA = 40;

    /** The bitmaps begin, then come the descriptors, then the blocks. */
    static final int CONTROL = 4096;

    // A descriptor.
    static final int DESCRIPTOR_SIZE = 16;
    static final int BLOCK_STATE = 0;
    static final int BLOCK_LENGTH = 8;

    static final int PAGE = 4096;
    static final int BLOCKS_MAX = 1 << 24;
    /** What can begin anywhere in a segment. */
    static final int BLOCK_BYTES_MAX = Windows.STRIDE - Windows.PAGE;

    private PoolLayout() {
    }

    static long align(long value, int to) {
        return value + to - 1 & -to;
    }
}

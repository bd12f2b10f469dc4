package org.jvmipc.shm;

import org.jvmipc.SegmentCorruptedException;

/**
 * Where the words of a ring of many producers and many consumers stand, and what is in them; {@code
 * docs/formats/mpmc.md} tells the same. What another process wrote is checked here before it is used.
 *
 * <p>A position is a 64-bit number: the number of a cell from the beginning of time, times 128. It may overflow. The
 * low bits are 0, or in {@link SegmentLayout#TAIL} the slot of the claimant and which of its descriptors is meant.
 */
final class MpmcLayout {
    /** Bytes of a cell: a cache line, so that no two messages share one. */
    static final int CELL = 64;
    /** From one position to the next. */
    static final int STEP = 128;
    static final int MAX_PRODUCERS = 64;
    static final int MAX_CONSUMERS = 63;
    /** In place of a consumer: the message was taken by one that died, and is to be taken again. */
    static final int NOBODY = 63;

    static final int CLAIMED = 1;
    static final int COMMITTED = 2;
    static final int DONE = 3;
    /** And the three numbers above: how often, modulo 4, the message was taken from a dead consumer. */
    static final int TAKEN = 4;

    private static final int CELL_SHIFT = 6;
    private static final int POSITION_SHIFT = 7;
    private static final int SLOT_BITS = 6;
    private static final int STATE_BITS = 3;
    private static final int DESCRIPTORS_SIZE = 128;
    /** Largest messages are as large as in the other rings. */
    private static final int LARGEST_OVERHEAD = SegmentLayout.LARGEST_OVERHEAD;

    private final int capacity;
    private final int cells;
    private final int producers;
    private final int consumers;
    private final int skippedAt;
    private final int descriptorsAt;
    private final int headersAt;
    private final int cellsAt;
    private final int stateShift;
    private final int slotShift;
    private final int tagShift;

    /**
     * Lays out a ring.
     *
     * @param base offset of the first byte after the header of the segment, a multiple of 128
     * @param producers how many there may be, up to 64
     * @param consumers how many there may be, up to 63
     * @param capacity bytes of the cells, a power of two from 128
     */
    MpmcLayout(int base, int producers, int consumers, int capacity) {
        this.capacity = capacity;
        this.cells = capacity / CELL;
        this.producers = producers;
        this.consumers = consumers;
        this.skippedAt = base;
        this.descriptorsAt = base + SegmentLayout.LINE;
        this.headersAt = descriptorsAt + producers * DESCRIPTORS_SIZE;
        this.cellsAt = headersAt + cells * Long.BYTES;
        this.slotShift = Integer.numberOfTrailingZeros(capacity);
        this.stateShift = slotShift + SLOT_BITS;
        this.tagShift = stateShift + STATE_BITS;
    }

    /** What a ring takes besides its cells, in bytes. */
    static long overhead(int producers, long capacity) {
        return SegmentLayout.LINE + (long) producers * DESCRIPTORS_SIZE + capacity / CELL * Long.BYTES;
    }

    /** Offset of the first byte behind the ring. */
    int end() {
        return cellsAt + capacity;
    }

    /** Where is counted how many claims of dead producers were skipped. */
    int skippedAt() {
        return skippedAt;
    }

    int cells() {
        return cells;
    }

    int maxMessage() {
        return capacity - LARGEST_OVERHEAD;
    }

    /** All cells, as a difference of positions. */
    long lap() {
        return (long) cells << POSITION_SHIFT;
    }

    // Positions.

    private int index(long position) {
        return (int) (position >>> POSITION_SHIFT) & cells - 1;
    }

    int headerAt(long position) {
        return headersAt + index(position) * Long.BYTES;
    }

    int cellAt(long position) {
        return cellsAt + (index(position) << CELL_SHIFT);
    }

    /** Bytes from a position to the end of the ring. */
    int bytesToEnd(long position) {
        return cells - index(position) << CELL_SHIFT;
    }

    /** Bytes between two positions. */
    static long bytes(long difference) {
        return difference >> POSITION_SHIFT - CELL_SHIFT;
    }

    /** What a message of so many bytes adds to a position. */
    static long size(int length) {
        return (long) Math.max(1, length + CELL - 1 >>> CELL_SHIFT) << POSITION_SHIFT;
    }

    // The tail: position of the last claim, slot of its claimant, number of the descriptor.

    static long tail(long position, int slot, int descriptor) {
        return position | (long) slot << 1 | descriptor;
    }

    static long positionOf(long tail) {
        return tail & -STEP;
    }

    static int slotOf(long tail) {
        return (int) tail >>> 1 & NOBODY;
    }

    static int descriptorOf(long tail) {
        return (int) tail & 1;
    }

    int descriptorAt(int slot, int descriptor) {
        return descriptorsAt + slot * DESCRIPTORS_SIZE + descriptor * Long.BYTES;
    }

    /** Where the descriptor is that the tail names. */
    int descriptorAt(long tail) {
        int slot = slotOf(tail);
        if (slot >= producers) {
            throw new SegmentCorruptedException("the tail names producer " + slot + ", the ring has producers 0 to "
                    + (producers - 1));
        }
        return descriptorAt(slot, descriptorOf(tail));
    }

    // Descriptors: -1 - length for a message; length for padding.

    static long message(int length) {
        return -1L - length;
    }

    static boolean isMessage(long descriptor) {
        return descriptor < 0;
    }

    /** The bytes that a descriptor claims at a position. */
    int claimedLength(long descriptor, long position) {
        long length = isMessage(descriptor) ? -1 - descriptor : descriptor;
        int room = bytesToEnd(position);
        if (length > Math.min(room, isMessage(descriptor) ? maxMessage() : capacity - 1)) {
            throw new SegmentCorruptedException("the descriptor of the claim at " + position + " is " + descriptor
                    + ", up to the end of the ring there are " + room + " bytes");
        }
        return (int) length;
    }

    // Headers: tag, state, slot, length.

    long word(long position, int state, int slot, int length) {
        return tag(position) | (long) state << stateShift | (long) slot << slotShift | length;
    }

    /** The low bits of the number of the lap, where they stand in a header. */
    private long tag(long position) {
        return position << 8 & -1L << tagShift;
    }

    /** Whether a header is that of a record at this very position, and not one of laps before. */
    boolean isOf(long word, long position) {
        return (word ^ tag(position)) >>> tagShift == 0 && state(word) != 0;
    }

    /** The state, with how often it was taken. */
    int state(long word) {
        return (int) (word >>> stateShift) & 7;
    }

    int slot(long word) {
        return (int) (word >>> slotShift) & NOBODY;
    }

    int length(long word) {
        return (int) word & capacity - 1;
    }

    /** The same record in another state. */
    long with(long word, int state, int slot) {
        return word & (-1L << tagShift | capacity - 1L) | (long) state << stateShift | (long) slot << slotShift;
    }

    /** Refuses a header that no participant writes at a position. */
    long checked(long word, long position) {
        int state = state(word);
        int slot = slot(word);
        int length = length(word);
        boolean known = state >= TAKEN ? slot < consumers || slot == NOBODY : slot < producers || state == DONE;
        if (length > bytesToEnd(position) || !known) {
            throw new SegmentCorruptedException("the header of the record at position " + position + " is "
                    + Long.toHexString(word) + ": state " + state + ", slot " + slot + " (of " + producers
                    + " producers, " + consumers + " consumers), length " + length + " of "
                    + bytesToEnd(position));
        }
        return word;
    }
}

package org.jvmipc.shm;

/**
 * The word that says whose a block is, and the handle of a block. A word is, from the lowest bit: 2 bits of state, 6 of
 * the participant's slot, 20 of its occupancy, 36 of the block's generation. A handle is: 24 bits of index, 36 of
 * generation, 4 that are always the same. A free block is nobody's: its slot and occupancy are 0. A word of zeros is a
 * free block that was never used.
 */
final class BlockState {
    static final int FREE = 0;
    static final int OWNED = 1;
    static final int IN_FLIGHT = 2;

    static final long OCCUPANCY_MASK = (1L << 20) - 1;
    static final long GENERATION_MASK = (1L << 36) - 1;

    private static final int STATE_MASK = 3;
    private static final int SLOT_SHIFT = 2;
    private static final int SLOT_MASK = 63;
    private static final int OCCUPANCY_SHIFT = 8;
    private static final int GENERATION_SHIFT = 28;

    private static final int INDEX_MASK = (1 << 24) - 1;
    private static final int HANDLE_GENERATION_SHIFT = 24;
    private static final int MARK_SHIFT = 60;
    private static final long MARK = 5;

    private BlockState() {
    }

    static long free(long generation) {
        return (generation & GENERATION_MASK) << GENERATION_SHIFT;
    }

    static long owned(int slot, long occupancy, long generation) {
        return word(OWNED, slot, occupancy, generation);
    }

    static long inFlight(int slot, long occupancy, long generation) {
        return word(IN_FLIGHT, slot, occupancy, generation);
    }

    private static long word(int state, int slot, long occupancy, long generation) {
        return free(generation) | (occupancy & OCCUPANCY_MASK) << OCCUPANCY_SHIFT | (long) slot << SLOT_SHIFT | state;
    }

    static int state(long word) {
        return (int) word & STATE_MASK;
    }

    static int slot(long word) {
        return (int) (word >>> SLOT_SHIFT) & SLOT_MASK;
    }

    static long occupancy(long word) {
        return word >>> OCCUPANCY_SHIFT & OCCUPANCY_MASK;
    }

    static long generation(long word) {
        return word >>> GENERATION_SHIFT;
    }

    static long handle(int index, long generation) {
        return MARK << MARK_SHIFT | (generation & GENERATION_MASK) << HANDLE_GENERATION_SHIFT | index;
    }

    static boolean isHandle(long handle) {
        return handle >>> MARK_SHIFT == MARK;
    }

    static int index(long handle) {
        return (int) handle & INDEX_MASK;
    }

    static long handleGeneration(long handle) {
        return handle >>> HANDLE_GENERATION_SHIFT & GENERATION_MASK;
    }

    /** As people read it. */
    static String name(int state) {
        return switch (state) {
            case FREE -> "free";
            case OWNED -> "owned";
            case IN_FLIGHT -> "in flight";
            default -> "in state " + state;
        };
    }
}

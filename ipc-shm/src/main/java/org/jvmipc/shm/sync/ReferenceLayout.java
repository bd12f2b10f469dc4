package org.jvmipc.shm.sync;

/**
 * What a {@link SharedAtomicReference} keeps in the memory, within {@link SyncLayout}; {@code
 * docs/formats/primitives.md} tells the same and a test compares them.
 */
final class ReferenceLayout {
    /** How often a value was written; its lowest bit says in which slot the latest is. 0 for none. */
    static final int VERSION = SyncLayout.OWN;

    static final int SLOTS = SyncLayout.NAMES;
    static final int SLOT_SIZE = 3072;

    // Within a slot.
    /** In bytes, or {@link #NULL}. */
    static final int LENGTH = 0;
    static final int DATA = 8;
    static final int DATA_MAX = SLOT_SIZE - DATA;
    static final int NULL = -1;

    private ReferenceLayout() {
    }

    static int slot(long version) {
        return SLOTS + (int) (version & 1) * SLOT_SIZE;
    }
}

package org.jvmipc.shm.sync;

/**
 * What {@link BarrierTable} keeps in the memory, within {@link SyncLayout}; {@code docs/formats/primitives.md} tells
 * the same and a test compares them. All of it is read and written by the holder of the lock only.
 */
final class BarrierLayout {
    /** 1 if it is broken. */
    static final int BROKEN = SyncLayout.OWN;

    /** Who has arrived: an {@link Owner} each, with what came of it in its lowest bits; 0 if free. */
    static final int PARTIES = SyncLayout.NAMES;
    static final int PARTY_COUNT = 512;

    static final long ARRIVED = 1;
    static final long PASSED = 2;
    static final long STOPPED = 3;

    private BarrierLayout() {
    }
}

package org.jvmipc.shm.sync;

/**
 * What {@link BarrierTable} keeps in the memory, within {@link SyncLayout}; {@code docs/formats/primitives.md} tells
 * the same and a test compares them. All of it is written by the holder of the lock only, but for what is said to be a
 * participant's own.
 */
final class BarrierLayout {
    /** 1 if it is broken. */
    static final int BROKEN = SyncLayout.OWN;
    /** No entry of {@link #PARTIES} from here on was ever used; only rises. */
    static final int PARTIES_USED = SyncLayout.OWN + 8;
    /** 1 if a newcomer has found a dead one in its place of {@link #MEMBERS}, and nobody has heeded that. */
    static final int DIED = SyncLayout.OWN + 16;
    /** For each place of a participant: the one that has the barrier open, in the upper half; 0 if it has left. */
    static final int MEMBERS = SyncLayout.OWN + SyncLayout.LINE;
    static final int MEMBER_COUNT = 48;

    /** Who has arrived: an {@link Owner} each, with what came of it in its lowest bits; 0 if free. */
    static final int PARTIES = SyncLayout.NAMES;
    static final int PARTY_COUNT = 512;

    static final long ARRIVED = 1;
    static final long PASSED = 2;
    static final long STOPPED = 3;

    private BarrierLayout() {
    }
}

package org.jvmipc.shm;

import org.jvmipc.PeerInfo;

/**
 * What became of the participants of a pool, as one sweep over its blocks needs it: each is looked for once. Used by
 * one thread.
 */
final class PoolOwners implements BlockTable.Fate {
    private final SharedHold hold;
    private final boolean natively;
    /** The presence that was found alive in a slot. */
    private final long[] alive = new long[SharedLayout.SLOT_COUNT];

    PoolOwners(SharedHold hold, boolean natively) {
        this.hold = hold;
        this.natively = natively;
    }

    @Override
    public boolean isGone(int slot, long occupancy) {
        // Read anew each time: another one may have come since.
        Slot place = hold.participants().slot(slot);
        long presence = place.presence();
        if (!isThere(presence, occupancy)) {
            return true;
        }
        if (slot == hold.index() && SegmentLayout.occupancy(presence) == hold.occupancy()) {
            return false;
        }
        if (alive[slot] == presence) {
            return false;
        }
        Participant who = place.occupant();
        if (place.presence() != presence || !Liveness.isAliveNow(who, natively)) {
            return true;
        }
        alive[slot] = presence;
        return false;
    }

    private static boolean isThere(long presence, long occupancy) {
        return SegmentLayout.isAttached(presence)
                && (SegmentLayout.occupancy(presence) & BlockState.OCCUPANCY_MASK) == occupancy;
    }

    /** Who it is, or was. */
    PeerInfo info(int slot, long occupancy) {
        Slot place = hold.participants().slot(slot);
        long presence = place.presence();
        Participant who = place.occupant();
        boolean same = place.presence() == presence
                && (SegmentLayout.occupancy(presence) & BlockState.OCCUPANCY_MASK) == occupancy;
        return same ? who.info() : PeerInfo.UNKNOWN;
    }
}

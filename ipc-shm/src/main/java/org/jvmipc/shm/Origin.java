package org.jvmipc.shm;

import java.util.function.LongSupplier;
import org.jvmipc.PeerInfo;

/**
 * Tells whose messages they are that come from one place. Those who follow one another at it send into the same ring,
 * and no message bears a name: what was published when a successor is first seen may be of either, and then it is not
 * said whose it is. For the thread that receives.
 */
final class Origin {
    private final Slot slot;
    private final PeerWatch watch;
    private final LongSupplier end;
    private long occupancy;
    private boolean mixed;
    private long certainFrom;

    /**
     * Creates one.
     *
     * @param slot of the place
     * @param watch of the same
     * @param end tells a position behind all that was published there so far
     */
    Origin(Slot slot, PeerWatch watch, LongSupplier end) {
        this.slot = slot;
        this.watch = watch;
        this.end = end;
    }

    /** The watch has looked. */
    void looked() {
        long now = watch.seen().occupancy();
        if (now != occupancy) {
            // Before the first occupancy there was nobody.
            mixed = now > 1;
            certainFrom = mixed ? end.getAsLong() : 0;
            occupancy = now;
        }
    }

    /** Who sent the message at a position; unknown if that is not certain. */
    PeerInfo of(long position) {
        PeerWatch.Seen seen = watch.seen();
        boolean certain = seen.occupancy() == occupancy && SegmentLayout.occupancy(slot.presence()) == occupancy
                && (!mixed || position - certainFrom >= 0);
        return certain ? seen.info() : PeerInfo.UNKNOWN;
    }
}

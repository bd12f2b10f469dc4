package org.jvmipc.shm;

import java.util.concurrent.TimeUnit;

/**
 * Tells who has died of all that take part in a segment, one's own side included, for rings in which what one has begun
 * must be finished by others. Safe for use by any thread.
 */
final class Deaths {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Segment segment;
    private final Verdict[][] verdicts = new Verdict[Side.values().length][];

    /**
     * What was found out about somebody. A dead one stays dead; a live one is looked at again after a while.
     *
     * @param presence whom it is about
     * @param dead whether he was dead
     * @param at when that was
     */
    private record Verdict(long presence, boolean dead, long at) {
        boolean holds(long now, long presenceNow) {
            return presence == presenceNow && (dead || now - at < LOOK_NANOS);
        }
    }

    Deaths(Segment segment) {
        this.segment = segment;
        for (Side side : Side.values()) {
            verdicts[side.ordinal()] = new Verdict[segment.geometry().places(side)];
        }
    }

    /** Whether the one at a place has died, or nobody is there. */
    synchronized boolean isDead(Side side, int place) {
        Slot slot = segment.slot(side, place);
        long presence = slot.presence();
        if (!SegmentLayout.isAttached(presence)) {
            return true;
        }
        Verdict[] known = verdicts[side.ordinal()];
        long now = System.nanoTime();
        if (known[place] == null || !known[place].holds(now, presence)) {
            Participant who = slot.occupant();
            if (slot.presence() != presence) {
                return false;
            }
            known[place] = new Verdict(presence, !segment.isAliveNow(who), now);
        }
        return known[place].dead();
    }

    /** Lets all be looked at again who were found alive. */
    synchronized void lookAgain() {
        for (Verdict[] known : verdicts) {
            for (int place = 0; place < known.length; place++) {
                if (known[place] != null && !known[place].dead()) {
                    known[place] = null;
                }
            }
        }
    }
}

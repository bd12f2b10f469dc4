package org.jvmipc.shm;

import java.util.concurrent.TimeUnit;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerInfo;

/**
 * Watches the slot of the other side for one port and tells the {@link PeerTracker} what becomes of its occupants. Safe
 * for use by any thread.
 */
final class PeerWatch {
    private static final long LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private final Segment segment;
    private final Slot slot;
    private final PeerTracker tracker;
    private long known;
    private boolean here;
    private Participant who;
    private long lookedAt = System.nanoTime();
    private volatile Seen seen = new Seen(PeerInfo.UNKNOWN, 0);
    private volatile boolean gone;

    /**
     * Who is there, or was last.
     *
     * @param info who
     * @param occupancy the how-manieth it is in the slot; 0 if nobody was seen yet
     */
    record Seen(PeerInfo info, long occupancy) {
    }

    PeerWatch(Segment segment, PeerTracker tracker) {
        this(segment, segment.otherSlot(), tracker);
    }

    PeerWatch(Segment segment, Slot slot, PeerTracker tracker) {
        this.segment = segment;
        this.slot = slot;
        this.tracker = tracker;
        long presence = slot.presence();
        // Who went before this port was opened is nobody's peer.
        this.known = SegmentLayout.isAttached(presence) ? 0 : presence;
        look();
    }

    /** Deals with what has changed in the slot; returns the presence that was dealt with. */
    synchronized long look() {
        long presence = slot.presence();
        if (presence == known) {
            return known;
        }
        Participant occupant = slot.occupant();
        long left = slot.lastLeft();
        if (slot.presence() != presence) {
            return known;
        }
        long before = SegmentLayout.occupancy(known);
        if (here) {
            end(left < before);
        }
        if (SegmentLayout.isAttached(presence)) {
            begin(occupant, presence);
        } else if (SegmentLayout.occupancy(presence) != before) {
            begin(occupant, presence);
            end(slot.lastDied() == SegmentLayout.occupancy(presence));
        }
        known = presence;
        return known;
    }

    private void begin(Participant occupant, long presence) {
        who = occupant;
        seen = new Seen(occupant.info(), SegmentLayout.occupancy(presence));
        here = true;
        gone = false;
        tracker.came(seen.info());
    }

    private void end(boolean byDeath) {
        here = false;
        gone = true;
        segment.forget(who);
        tracker.went(byDeath);
    }

    /** As {@link #look}, and from time to time looks whether the occupant lives. True if it was found dead just now. */
    synchronized boolean lookForLife() {
        look();
        return System.nanoTime() - lookedAt >= LIFE_NANOS && lookForLifeNow();
    }

    /** The same at once. */
    synchronized boolean lookForLifeNow() {
        look();
        if (!here) {
            return false;
        }
        lookedAt = System.nanoTime();
        if (segment.isAlive(who)) {
            return false;
        }
        // It may have left, and then ended.
        look();
        if (here) {
            end(true);
        }
        return gone;
    }

    /** Whether peers came and none is there any more. */
    boolean isGone() {
        return gone;
    }

    /** Nobody is there, and somebody was before this port was opened: what he left is all there is. */
    void followsSomebody() {
        gone |= !isHere();
    }

    private synchronized boolean isHere() {
        return here;
    }

    /** The presence of who is there, 0 if nobody is or he is dead. */
    synchronized long presenceHere() {
        return here ? known : 0;
    }

    /** Who is there, or was last. */
    Seen seen() {
        return seen;
    }

    /** Who is there, for messages; empty if nobody is. */
    String present() {
        return isHere() ? seen.info().toString() : "";
    }

    /** Says who has gone. */
    PeerGoneException goneException(String what) {
        return tracker.peers().goneException(what);
    }

    /** The port was closed: its peer is told of no more. */
    synchronized void close() {
        if (here) {
            here = false;
            segment.forget(who);
        }
    }
}

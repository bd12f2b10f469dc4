package org.jvmipc.shm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jvmipc.PeerGoneException;
import org.jvmipc.spi.Peers;

/** Watches all places of the other side for one port, see {@link PeerWatch}. Safe for use by any thread. */
final class Crowd {
    private final Peers peers;
    private final PeerWatch[] watches;
    private final long[] here;
    private boolean anybodyGone;
    private volatile boolean gone;
    private volatile int version;

    Crowd(Segment segment, Peers peers) {
        this.peers = peers;
        this.watches = new PeerWatch[segment.geometry().places(segment.otherSide())];
        this.here = new long[watches.length];
        for (int place = 0; place < watches.length; place++) {
            watches[place] = new PeerWatch(segment, segment.otherSlot(place), new PeerTracker(peers));
        }
        look();
    }

    /** Deals with all that has changed. */
    synchronized void look() {
        for (PeerWatch watch : watches) {
            watch.look();
        }
        update();
    }

    /** As {@link #look}, and from time to time looks who lives. True if anything has changed. */
    synchronized boolean lookForLife() {
        int before = version;
        for (PeerWatch watch : watches) {
            watch.lookForLife();
        }
        update();
        return version != before;
    }

    private void update() {
        boolean changed = false;
        boolean anybody = false;
        for (int place = 0; place < watches.length; place++) {
            long now = watches[place].presenceHere();
            changed |= now != here[place];
            here[place] = now;
            anybody |= now != 0;
            anybodyGone |= watches[place].isGone();
        }
        gone = anybodyGone && !anybody;
        if (changed) {
            version++;
        }
    }

    /** Changes whenever somebody comes or goes. */
    int version() {
        return version;
    }

    int places() {
        return watches.length;
    }

    /** The presence of who is at a place and lives; 0 if nobody does. */
    synchronized long presence(int place) {
        return here[place];
    }

    /** Whether these places, in their order, are those of the ones who are there and live. */
    synchronized boolean isAtExactly(int[] places) {
        int next = 0;
        for (int place = 0; place < here.length; place++) {
            if (here[place] != 0) {
                if (next == places.length || places[next] != place) {
                    return false;
                }
                next++;
            }
        }
        return next == places.length;
    }

    /** The places of those who are there and live. */
    synchronized int[] placesTaken() {
        int[] taken = new int[here.length];
        int count = 0;
        for (int place = 0; place < here.length; place++) {
            if (here[place] != 0) {
                taken[count++] = place;
            }
        }
        return Arrays.copyOf(taken, count);
    }

    /** As {@link #look}, and looks who lives. */
    synchronized void lookForLifeNow() {
        for (PeerWatch watch : watches) {
            watch.lookForLifeNow();
        }
        update();
    }

    /** Whether somebody is there who may sleep. */
    synchronized boolean maySleep() {
        for (long presence : here) {
            if (SegmentLayout.maySleep(presence)) {
                return true;
            }
        }
        return false;
    }

    /** Whether peers came and none is there any more. */
    boolean isGone() {
        return gone;
    }

    /** If nobody is there, somebody was before this port was opened: what he left is all there is. */
    synchronized void followsSomebody() {
        anybodyGone = true;
        update();
    }

    /** The watch of a place. */
    PeerWatch watch(int place) {
        return watches[place];
    }

    /** Who is there, for messages; empty if nobody is. */
    String present() {
        List<String> names = new ArrayList<>();
        for (PeerWatch watch : watches) {
            String name = watch.present();
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return String.join(", ", names);
    }

    /** Says who has gone last. */
    PeerGoneException goneException(String what) {
        return peers.goneException(what);
    }

    /** The port was closed: its peers are told of no more. */
    void close() {
        for (PeerWatch watch : watches) {
            watch.close();
        }
    }
}

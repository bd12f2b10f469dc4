package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.PeerInfo;

/** Who uses a {@link SharedSegment}: its slots. They are taken and given back under the segment's lock. */
final class Participants {
    private final ByteBuffer memory;
    private final boolean natively;

    /**
     * Creates the view.
     *
     * @param memory the segment, or a direct copy of its header, in native byte order
     * @param natively whether native code may be used to find out who lives
     */
    Participants(ByteBuffer memory, boolean natively) {
        this.memory = memory;
        this.natively = natively;
    }

    Slot slot(int index) {
        return new Slot(memory, SharedLayout.slot(index));
    }

    /** Whether there are some, all of them dead, and none of them wanted the segment kept. */
    boolean areAllDead() {
        boolean dead = false;
        for (int i = 0; i < SharedLayout.SLOT_COUNT; i++) {
            if (SegmentLayout.isAttached(slot(i).presence())) {
                if (holds(i)) {
                    return false;
                }
                dead = true;
            }
        }
        return dead;
    }

    /** Whether nobody but one needs the segment. */
    boolean isAlone(int index) {
        for (int i = 0; i < SharedLayout.SLOT_COUNT; i++) {
            if (i != index && holds(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether somebody is there who lives, or wanted the segment kept. */
    private boolean holds(int index) {
        Slot slot = slot(index);
        long presence = slot.presence();
        return SegmentLayout.isAttached(presence)
                && ((presence & SegmentLayout.KEEPS) != 0 || Liveness.isAliveNow(slot.occupant(), natively));
    }

    /** A slot that is free, or whose occupant is dead; -1 if there is none. */
    int findFree() {
        for (int i = 0; i < SharedLayout.SLOT_COUNT; i++) {
            if (!SegmentLayout.isAttached(slot(i).presence())) {
                return i;
            }
        }
        for (int i = 0; i < SharedLayout.SLOT_COUNT; i++) {
            if (!Liveness.isAliveNow(slot(i).occupant(), natively)) {
                return i;
            }
        }
        return -1;
    }

    /** Those who live. */
    List<PeerInfo> living() {
        List<PeerInfo> living = new ArrayList<>();
        for (int i = 0; i < SharedLayout.SLOT_COUNT; i++) {
            Slot slot = slot(i);
            long presence = slot.presence();
            if (SegmentLayout.isAttached(presence)) {
                Participant who = slot.occupant();
                if (slot.presence() == presence && Liveness.isAliveNow(who, natively)) {
                    living.add(who.info());
                }
            }
        }
        return List.copyOf(living);
    }
}

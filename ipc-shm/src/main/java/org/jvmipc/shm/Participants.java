package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.PeerInfo;

/** Who uses a {@link SharedSegment}: its slots. They are taken and given back under the segment's lock. */
final class Participants {
    /** In a number: the slot, counted from 1, in the lowest bits, and then the lowest bits of the occupancy. */
    private static final int SLOT_BITS = 6;

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

    /** The number that stands for an occupancy of a slot; not 0. */
    static int number(int index, long occupancy) {
        return (int) (occupancy << SLOT_BITS) | index + 1;
    }

    private static int index(int number) {
        return (number & (1 << SLOT_BITS) - 1) - 1;
    }

    private static boolean isOf(int number, long presence) {
        return SegmentLayout.isAttached(presence)
                && number == number(index(number), SegmentLayout.occupancy(presence));
    }

    /** Whether the participant of a number has left or died, or there was none. */
    boolean isGone(int number) {
        int index = index(number);
        if (index < 0 || index >= SharedLayout.SLOT_COUNT) {
            return true;
        }
        Slot slot = slot(index);
        long presence = slot.presence();
        if (!isOf(number, presence)) {
            return true;
        }
        Participant who = slot.occupant();
        return slot.presence() != presence || !Liveness.isAliveNow(who, natively);
    }

    /** Whether the participant of a number has left; false if it died, or that is not known any more. */
    boolean hasLeft(int number) {
        int index = index(number);
        if (index < 0 || index >= SharedLayout.SLOT_COUNT) {
            return false;
        }
        Slot slot = slot(index);
        long presence = slot.presence();
        long latest = SegmentLayout.occupancy(presence);
        // The latest occupancy with these lowest bits.
        long occupancy = latest - (latest - (number >>> SLOT_BITS) & (1L << Integer.SIZE - SLOT_BITS) - 1);
        if (occupancy == latest) {
            return occupancy > 0 && !SegmentLayout.isAttached(presence);
        }
        // Who finds another one dead in its place notes that before it takes the place.
        return occupancy > 0 && (slot.lastDied() < occupancy || slot.lastLeft() == occupancy);
    }

    /** Who it is, or was. */
    PeerInfo info(int number) {
        Participant who = occupant(number);
        return who == null ? PeerInfo.UNKNOWN : who.info();
    }

    /** Who it is, or was; null if that is not known any more. */
    Participant occupant(int number) {
        int index = index(number);
        if (index < 0 || index >= SharedLayout.SLOT_COUNT) {
            return null;
        }
        Slot slot = slot(index);
        long presence = slot.presence();
        Participant who = slot.occupant();
        return isOf(number, presence) && slot.presence() == presence ? who : null;
    }
}

package org.jvmipc.shm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.ChannelExistsException;

/** The places that a segment has for participants, taken and free. */
final class Places {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** What may hold for somebody. */
    interface Condition {
        boolean test(int place, long presence);
    }

    private Places() {
    }

    /** The slots of both sides. */
    static List<Slot> all(ByteBuffer slots, Geometry geometry) {
        List<Slot> all = new ArrayList<>();
        for (Side side : Side.values()) {
            for (int place = 0; place < geometry.places(side); place++) {
                all.add(new Slot(slots, geometry.slot(side, place)));
            }
        }
        return all;
    }

    /** Whether all who are there are dead, and there is one, and none of them wanted the segment kept. */
    static boolean areAbandoned(ByteBuffer slots, Geometry geometry, boolean natively) {
        boolean anybody = false;
        for (Slot slot : all(slots, geometry)) {
            anybody |= SegmentLayout.isAttached(slot.presence());
        }
        return anybody && !isAnyInUse(slots, geometry, natively);
    }

    /** Whether somebody is there who lives, or wants the segment kept. */
    static boolean isAnyInUse(ByteBuffer slots, Geometry geometry, boolean natively) {
        return isAnyInUse(slots, geometry, null, natively);
    }

    /** The same of all places but one. */
    static boolean isAnyInUse(ByteBuffer slots, Geometry geometry, Slot except, boolean natively) {
        for (Slot slot : all(slots, geometry)) {
            long presence = slot.presence();
            boolean other = except == null || !slot.isSame(except);
            if (other && SegmentLayout.isAttached(presence) && ((presence & SegmentLayout.KEEPS) != 0
                    || Liveness.isAliveNow(slot.occupant(), natively))) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody lives at any place of a side for whom a condition holds. */
    static boolean isAnyAlive(ByteBuffer slots, Geometry geometry, Side side, Condition condition,
            boolean natively) {
        for (int place = 0; place < geometry.places(side); place++) {
            Slot slot = new Slot(slots, geometry.slot(side, place));
            long presence = slot.presence();
            if (SegmentLayout.isAttached(presence) && condition.test(place, presence)
                    && Liveness.isAliveNow(slot.occupant(), natively)) {
                return true;
            }
        }
        return false;
    }

    static boolean isAnyAttached(ByteBuffer slots, Geometry geometry, Side side) {
        for (int place = 0; place < geometry.places(side); place++) {
            if (SegmentLayout.isAttached(new Slot(slots, geometry.slot(side, place)).presence())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Finds a place for one more; under the lock of the segment's file. Best is one where nothing rests of whoever was
     * there before; then one whose messages the consumer will get from the newcomer's hands, as it were.
     *
     * @throws ChannelExistsException if there is none
     */
    static int free(ByteBuffer slots, Geometry geometry, SegmentSpec spec) {
        Side side = spec.options().side();
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        Slot last = null;
        for (int place = 0; place < geometry.places(side) && bestRank > 0; place++) {
            Slot slot = new Slot(slots, geometry.slot(side, place));
            boolean attached = SegmentLayout.isAttached(slot.presence());
            if (attached && Liveness.isAliveNow(slot.occupant(), spec.options().maySleep())) {
                last = slot;
                continue;
            }
            int rank = (hasMessages(slots, geometry, side, place) ? 2 : 0) + (attached ? 1 : 0);
            if (rank < bestRank) {
                best = place;
                bestRank = rank;
            }
        }
        if (best < 0) {
            throw allTaken(geometry, spec, last);
        }
        return best;
    }

    private static boolean hasMessages(ByteBuffer slots, Geometry geometry, Side side, int place) {
        if (side == Side.CONSUMER || geometry.rings() == 1) {
            return false;
        }
        int ring = (int) geometry.ring(place);
        return slots.getLong(ring + SegmentLayout.HEAD) != slots.getLong(ring + SegmentLayout.TAIL);
    }

    private static ChannelExistsException allTaken(Geometry geometry, SegmentSpec spec, Slot last) {
        Side side = spec.options().side();
        String role = geometry.role(side);
        int places = geometry.places(side);
        if (geometry.takesOne(side)) {
            return new ChannelExistsException(spec.address() + " has a " + role + " already, " + last.occupant().info()
                    + ", and takes one; close that one first, or use another name");
        }
        return new ChannelExistsException(spec.address() + " has " + places + " " + role
                + "s already (the last of them " + last.occupant().info() + "), and was made for "
                + geometry.option(side) + "=" + places
                + "; close one first, or make the channel with a larger " + geometry.option(side) + " (up to "
                + SegmentLayout.MAX_PLACES + ")");
    }

    /** Lets those see that there is something new who look at one word only. */
    static void countChange(ByteBuffer memory, int at) {
        LONG.getAndAdd(memory, at, 1L);
    }
}

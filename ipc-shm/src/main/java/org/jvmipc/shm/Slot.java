package org.jvmipc.shm;

import static org.jvmipc.shm.SegmentLayout.ATTACHED;
import static org.jvmipc.shm.SegmentLayout.KEEPS;
import static org.jvmipc.shm.SegmentLayout.MAY_SLEEP;
import static org.jvmipc.shm.SegmentLayout.OCCUPANCY_SHIFT;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The place in a segment where the producer, or the consumer, stands by name. It is written under the lock of the
 * segment's file, except that an occupant leaves without; it is read by any thread of any process.
 *
 * <p>All else in a slot is valid while the presence says that it is occupied, and the same before and after reading.
 */
final class Slot {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;
    private final int base;

    /**
     * Creates the view.
     *
     * @param memory the segment, or a direct copy of its header, in native byte order
     * @param base where the slot begins
     */
    Slot(ByteBuffer memory, int base) {
        this.memory = memory;
        this.base = base;
    }

    /** Occupancy number and bits, see {@link SegmentLayout}. */
    long presence() {
        return (long) LONG.getAcquire(memory, base + SegmentLayout.PRESENCE);
    }

    /** The last occupancy that ended by leaving. */
    long lastLeft() {
        return (long) LONG.getAcquire(memory, base + SegmentLayout.LAST_LEFT);
    }

    /** The last occupancy that was found to have ended by death. */
    long lastDied() {
        return (long) LONG.getAcquire(memory, base + SegmentLayout.LAST_DIED);
    }

    /** Who is there, or was last; nonsense in the segment makes a nonsensical participant, nothing worse. */
    Participant occupant() {
        return new Participant(get(SegmentLayout.PID), get(SegmentLayout.START_TICKS),
                get(SegmentLayout.PID_NAMESPACE),
                text(SegmentLayout.NAME_LENGTH, SegmentLayout.NAME, SegmentLayout.NAME_MAX),
                text(SegmentLayout.LIFE_LENGTH, SegmentLayout.LIFE, SegmentLayout.LIFE_MAX),
                get(SegmentLayout.LIFE_HOME));
    }

    /** Writes an occupant in; under the lock, with the slot known to be free. Returns the new presence. */
    long occupy(Participant who, boolean maySleep, boolean keeps) {
        long before = presence();
        long occupancy = SegmentLayout.occupancy(before);
        if (SegmentLayout.isAttached(before)) {
            set(SegmentLayout.LAST_DIED, occupancy);
            setPresence(occupancy << OCCUPANCY_SHIFT);
        }
        set(SegmentLayout.PID, who.pid());
        set(SegmentLayout.START_TICKS, who.startTicks());
        set(SegmentLayout.PID_NAMESPACE, who.pidNamespace());
        set(SegmentLayout.LIFE_HOME, who.lifeHome());
        putText(SegmentLayout.NAME_LENGTH, SegmentLayout.NAME, SegmentLayout.NAME_MAX, who.name());
        putText(SegmentLayout.LIFE_LENGTH, SegmentLayout.LIFE, SegmentLayout.LIFE_MAX, who.life());
        long presence = occupancy + 1 << OCCUPANCY_SHIFT | ATTACHED | (maySleep ? MAY_SLEEP : 0) | (keeps ? KEEPS : 0);
        setPresence(presence);
        return presence;
    }

    /** Whether it is the same one of a segment. */
    boolean isSame(Slot other) {
        return base == other.base;
    }

    /** The occupant leaves, unless it was taken for dead and replaced. */
    void leave(long presence) {
        long occupancy = SegmentLayout.occupancy(presence);
        if (presence() == presence) {
            set(SegmentLayout.LAST_LEFT, occupancy);
            LONG.compareAndSet(memory, base + SegmentLayout.PRESENCE, presence, occupancy << OCCUPANCY_SHIFT);
        }
    }

    private void setPresence(long presence) {
        LONG.setVolatile(memory, base + SegmentLayout.PRESENCE, presence);
    }

    private long get(int field) {
        return (long) LONG.getOpaque(memory, base + field);
    }

    private void set(int field, long value) {
        LONG.setRelease(memory, base + field, value);
    }

    private String text(int lengthField, int field, int max) {
        int length = Math.max(0, Math.min(memory.getInt(base + lengthField), max));
        byte[] bytes = new byte[length];
        memory.get(base + field, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void putText(int lengthField, int field, int max, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, max);
        memory.put(base + field, bytes, 0, length);
        memory.putInt(base + lengthField, length);
    }
}

package org.jvmipc.shm;

import static org.jvmipc.shm.BroadcastLayout.READER_HEAD;
import static org.jvmipc.shm.BroadcastLayout.READER_JOINED;
import static org.jvmipc.shm.BroadcastLayout.READER_OWN_START;
import static org.jvmipc.shm.BroadcastLayout.READER_START;

import java.nio.ByteBuffer;

/**
 * The lines of the readers of a broadcast, one for each place: how far the reader has come, and whether it has
 * <i>joined</i>, that is, has been given a position to begin at, by the producer or by itself. One word tells which
 * occupancy of the place that holds for, so that nobody lets in one who has left in the name of another.
 *
 * <p>The position of a line is that which the reader has told, or that at which it is to begin. It never becomes less,
 * whoever comes and goes. The <i>front</i> is the greatest of all lines: what lies behind it was taken by somebody, or
 * belongs to somebody; what lies before it rests for the next one if nobody is there. As the producer stays within a
 * capacity of the slowest reader, and of the front if there is none, all from the front on is in the ring.
 */
final class Readers {
    // In the lowest bits of the word of joining; above them is the number of the occupancy.
    private static final long BY_PRODUCER = 1;
    private static final long BY_ITSELF = 2;
    private static final int OCCUPANCY_SHIFT = 2;

    private final RingMemory memory;
    private final int lines;
    private final int places;

    /**
     * Creates the view.
     *
     * @param memory the segment
     * @param geometry of a broadcast
     */
    Readers(ByteBuffer memory, Geometry geometry) {
        this(memory, (int) geometry.readers(), geometry.consumers());
    }

    /**
     * Creates the view of lines alone.
     *
     * @param memory where they are
     * @param lines where the first one begins
     * @param places how many there are
     */
    Readers(ByteBuffer memory, int lines, int places) {
        this(new MappedMemory(memory), lines, places);
    }

    /** With any view of the lines, the first of which begins at an offset. */
    Readers(RingMemory memory, int lines, int places) {
        this.memory = memory;
        this.lines = lines;
        this.places = places;
    }

    private long get(int place, int field) {
        return memory.getAcquire(lines + place * SegmentLayout.LINE + field);
    }

    private void set(int place, int field, long value) {
        memory.setRelease(lines + place * SegmentLayout.LINE + field, value);
    }

    private boolean replace(int place, int field, long before, long value) {
        return memory.compareAndSet(lines + place * SegmentLayout.LINE + field, before, value);
    }

    /** The position of whoever is at a place, or was last. */
    long head(int place) {
        long joined = get(place, READER_JOINED);
        long head = get(place, READER_HEAD);
        long start = head;
        if ((joined & BY_PRODUCER) != 0) {
            start = get(place, READER_START);
        } else if ((joined & BY_ITSELF) != 0) {
            start = get(place, READER_OWN_START);
        }
        return start - head > 0 ? start : head;
    }

    /** Whether the occupant of a place has joined that has a presence. */
    boolean hasJoined(int place, long presence) {
        long joined = get(place, READER_JOINED);
        return presence != 0 && joined >>> OCCUPANCY_SHIFT == SegmentLayout.occupancy(presence)
                && (joined & (BY_PRODUCER | BY_ITSELF)) != 0;
    }

    /** The reader itself has come to a position. */
    void advance(int place, long position) {
        set(place, READER_HEAD, position);
    }

    /** A newcomer is about to take a free place, and has not joined; under the file lock. */
    void prepare(int place, long occupancy) {
        long before;
        do {
            before = get(place, READER_JOINED);
            set(place, READER_HEAD, head(place));
        } while (!replace(place, READER_JOINED, before, occupancy << OCCUPANCY_SHIFT));
    }

    /** The producer lets a newcomer begin at a position, unless that has joined, or left, meanwhile. */
    void letIn(int place, long presence, long position) {
        if (!hasJoined(place, presence)) {
            set(place, READER_START, position);
            join(place, presence, BY_PRODUCER);
        }
    }

    /** A newcomer begins at a position by itself, unless it has been let in meanwhile; under the file lock. */
    void enter(int place, long presence, long position) {
        set(place, READER_OWN_START, position);
        join(place, presence, BY_ITSELF);
    }

    private void join(int place, long presence, long how) {
        long wanted = SegmentLayout.occupancy(presence) << OCCUPANCY_SHIFT;
        replace(place, READER_JOINED, wanted, wanted | how);
    }

    /** The position of the furthest of all that ever were. */
    long front() {
        long front = head(0);
        for (int place = 1; place < places; place++) {
            long head = head(place);
            if (head - front > 0) {
                front = head;
            }
        }
        return front;
    }

    /** The place of the slowest of some; -1 if there are none. */
    int slowest(int[] some) {
        int slowest = -1;
        long least = 0;
        for (int place : some) {
            long head = head(place);
            if (slowest < 0 || head - least < 0) {
                slowest = place;
                least = head;
            }
        }
        return slowest;
    }

    /** The position up to which all have taken what they must: that of the slowest of some, without any the front. */
    long taken(int[] some) {
        if (some.length == 0) {
            return front();
        }
        long taken = head(some[0]);
        for (int i = 1; i < some.length; i++) {
            long head = head(some[i]);
            if (head - taken < 0) {
                taken = head;
            }
        }
        return taken;
    }
}

package org.jvmipc.shm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The lines of the readers of a broadcast, one for each place: one word that tells how far the reader has come, and
 * whether it has <i>joined</i>, that is, has been given a position to begin at; from then on only it writes the word. A
 * newcomer's place is marked as not joined before it is taken, with the position of whoever was there before. So
 * positions stay when readers go, and never become less.
 *
 * <p>The <i>front</i> is the position of the reader that has come furthest, of all that ever were. What lies behind it
 * was taken by somebody; what lies before it rests for the next one if nobody is there. As the producer stays within a
 * capacity of the slowest reader, and of the front if there is none, all from the front on is in the ring.
 */
final class Readers {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;
    private final int lines;
    private final int places;

    /**
     * Creates the view.
     *
     * @param memory the segment
     * @param geometry of a broadcast
     */
    Readers(ByteBuffer memory, Geometry geometry) {
        this.memory = memory;
        this.lines = (int) geometry.readers();
        this.places = geometry.consumers();
    }

    private int line(int place) {
        return lines + place * SegmentLayout.LINE + BroadcastLayout.READER_HEAD;
    }

    private long word(int place) {
        return (long) LONG.getAcquire(memory, line(place));
    }

    private static long position(long word) {
        return word & -SegmentLayout.ALIGNMENT;
    }

    private static boolean isJoined(long word) {
        return (word & BroadcastLayout.READER_JOINED) != 0;
    }

    /** The position of whoever is at a place, or was last. */
    long head(int place) {
        return position(word(place));
    }

    boolean hasJoined(int place) {
        return isJoined(word(place));
    }

    /** The reader itself has come to a position. */
    void advance(int place, long position) {
        LONG.setRelease(memory, line(place), position | BroadcastLayout.READER_JOINED);
    }

    /** A newcomer is about to take a place; under the file lock. */
    void reset(int place) {
        LONG.setRelease(memory, line(place), head(place));
    }

    /** Lets a newcomer begin at a position, unless somebody else has let it in meanwhile. */
    void admit(int place, long position) {
        long before = word(place);
        if (!isJoined(before)) {
            LONG.compareAndSet(memory, line(place), before, position | BroadcastLayout.READER_JOINED);
        }
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
        int slowest = slowest(some);
        return slowest < 0 ? front() : head(slowest);
    }
}

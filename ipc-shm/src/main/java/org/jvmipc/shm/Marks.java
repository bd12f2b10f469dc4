package org.jvmipc.shm;

import static org.jvmipc.shm.BroadcastLayout.MARKS;
import static org.jvmipc.shm.BroadcastLayout.MARK_COUNT;
import static org.jvmipc.shm.BroadcastLayout.MARK_MESSAGES;
import static org.jvmipc.shm.BroadcastLayout.MARK_POSITION;
import static org.jvmipc.shm.BroadcastLayout.MARK_SIZE;
import static org.jvmipc.shm.BroadcastLayout.NO_POSITION;

import java.lang.invoke.VarHandle;

/**
 * Marks in a lossy broadcast: beginnings of records, some eighth of the ring apart, each with the number of messages
 * before it. Where the producer gives up old records it does so up to a mark, and a reader that lost its place goes on
 * at one, and can tell by the numbers how many messages it has missed. HEAD always is the position of one. There are
 * more than the ring holds, so that none within it is written over: who dies over that leaves the one at HEAD.
 */
final class Marks {
    private final RingMemory memory;
    private final long stride;

    /**
     * A mark.
     *
     * @param position where a record begins, or will
     * @param messages how many messages lie before it since the beginning of time
     */
    record Mark(long position, long messages) {
    }

    Marks(RingMemory memory, int capacity) {
        this.memory = memory;
        this.stride = capacity / (MARK_COUNT / 2);
    }

    private int at(int index) {
        return MARKS + index * MARK_SIZE;
    }

    /** The position at or behind which the next mark is due after a position. */
    long next(long position) {
        return Math.floorDiv(position, stride) * stride + stride;
    }

    /**
     * Writes a mark; by the producer.
     *
     * @param head the position of the oldest record that there is: marks before it are of no use to anybody
     */
    void set(long position, long messages, long head) {
        int at = at(unused((int) Math.floorMod(Math.floorDiv(position, stride), (long) MARK_COUNT), head));
        memory.setOpaque(at + MARK_POSITION, NO_POSITION);
        VarHandle.storeStoreFence();
        memory.setOpaque(at + MARK_MESSAGES, messages);
        memory.setRelease(at + MARK_POSITION, position);
    }

    /** The first place, from one on, whose mark is of no use; that one if there is none, as in the first lap. */
    private int unused(int first, long head) {
        for (int i = 0; i < MARK_COUNT; i++) {
            int index = (first + i) % MARK_COUNT;
            long position = memory.getOpaque(at(index) + MARK_POSITION);
            if (position == NO_POSITION || position - head < 0) {
                return index;
            }
        }
        return first;
    }

    /**
     * The position of the first mark from one position up to another; by the producer, which alone writes them.
     *
     * @return {@link BroadcastLayout#NO_POSITION} if there is none
     */
    long firstPosition(long from, long to) {
        long found = NO_POSITION;
        for (int index = 0; index < MARK_COUNT; index++) {
            long position = memory.getOpaque(at(index) + MARK_POSITION);
            if (position != NO_POSITION && position - from >= 0 && to - position >= 0
                    && (found == NO_POSITION || position - found < 0)) {
                found = position;
            }
        }
        return found;
    }

    /** Reads a mark; null if it is being written. For any thread. */
    private Mark get(int index) {
        long position = memory.getAcquire(at(index) + MARK_POSITION);
        long messages = memory.getAcquire(at(index) + MARK_MESSAGES);
        boolean same = memory.getOpaque(at(index) + MARK_POSITION) == position;
        return same && position != NO_POSITION ? new Mark(position, messages) : null;
    }

    /** The first mark from one position up to another; null if there is none. For any thread. */
    Mark first(long from, long to) {
        Mark found = null;
        for (int index = 0; index < MARK_COUNT; index++) {
            Mark mark = get(index);
            if (mark != null && mark.position - from >= 0 && to - mark.position >= 0
                    && (found == null || mark.position - found.position < 0)) {
                found = mark;
            }
        }
        return found;
    }

    /** The last mark from one position up to another; null if there is none. For any thread. */
    Mark last(long from, long to) {
        Mark found = null;
        for (int index = 0; index < MARK_COUNT; index++) {
            Mark mark = get(index);
            if (mark != null && mark.position - from >= 0 && to - mark.position >= 0
                    && (found == null || mark.position - found.position > 0)) {
                found = mark;
            }
        }
        return found;
    }
}

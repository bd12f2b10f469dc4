package org.jvmipc.shm;

import static org.jvmipc.shm.SegmentLayout.HEAD;
import static org.jvmipc.shm.SegmentLayout.RECORD_HEADER;
import static org.jvmipc.shm.SegmentLayout.TAIL;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How one reader goes along a ring whose producer waits for nobody: copies each message, then looks whether its place
 * was given up meanwhile; if so, the copy is thrown away, and the reader goes on in the middle of what there is. Used
 * by one thread at a time, but for what is said to be for any.
 */
final class LossyCursor {
    /** In place of a length: there is no message. */
    static final int NOTHING = -1;
    /** In place of a length: the position has changed, and there may be a message. */
    static final int AGAIN = -2;

    private static final int LEAST_COPY = 256;
    private static final int ATTEMPTS = 16;

    private final RingMemory memory;
    private final int capacity;
    private final Marks marks;
    private ByteBuffer copy = ByteBuffer.allocate(LEAST_COPY);
    private ByteBuffer shown = copy.asReadOnlyBuffer();
    private long position;
    /** Messages before {@link #position} since the beginning of time. */
    private long messages;
    private volatile long dropped;

    LossyCursor(RingMemory memory, int capacity) {
        this.memory = memory;
        this.capacity = capacity;
        this.marks = new Marks(memory, capacity);
    }

    /** Where the oldest record begins that there is. */
    long oldest() {
        return memory.getAcquire(HEAD);
    }

    /**
     * Begins at a position, or at the oldest record if that is farther on.
     *
     * @param oldest as {@link #oldest} told it before it was known where to begin
     * @return false if the producer was too fast, and nothing has happened
     */
    boolean begin(long oldest, long wanted) {
        long start = wanted - oldest < 0 ? oldest : wanted;
        Marks.Mark mark = marks.last(oldest, start);
        long since = mark == null ? -1 : RingRecords.count(memory, capacity, mark.position(), start);
        VarHandle.loadLoadFence();
        if (since < 0 || isGivenUp(mark.position())) {
            return false;
        }
        position = start;
        messages = mark.messages() + since;
        return true;
    }

    /** Where the next record begins. */
    long position() {
        return position;
    }

    /** How many messages were missed. For any thread. */
    long dropped() {
        return dropped;
    }

    /** Whether the producer may write over what lies at a position. For any thread. */
    boolean isGivenUp(long at) {
        return oldest() - at > 0;
    }

    /** Copies the next message and moves on behind it; tells its length, {@link #NOTHING} or {@link #AGAIN}. */
    int copyNext() {
        long begin = position;
        int at = RingRecords.at(begin, capacity);
        long word = memory.getAcquire(at);
        int size = RingRecords.size(word, begin, capacity);
        int length = size > 0 ? (int) word - RECORD_HEADER : 0;
        if (size > 0) {
            if (copy.capacity() < length) {
                copy = ByteBuffer.allocate(Integer.highestOneBit(length) << 1);
                shown = copy.asReadOnlyBuffer();
            }
            copy.clear().put(memory.read(at + RECORD_HEADER, length));
        }
        // What was read until here is sound if the place was not given up until after that.
        VarHandle.loadLoadFence();
        if (isGivenUp(begin)) {
            return goOnAtAMark() ? AGAIN : NOTHING;
        }
        if (word == 0) {
            return NOTHING;
        }
        if (size == 0) {
            throw RingRecords.nonsense(word, begin, capacity);
        }
        position = begin + Math.abs(size);
        if (size < 0) {
            return AGAIN;
        }
        messages++;
        return length;
    }

    /** What {@link #copyNext} has copied, read-only and big-endian. */
    ByteBuffer copied(int length) {
        return shown.clear().limit(length).order(ByteOrder.BIG_ENDIAN);
    }

    /** Goes back in front of the message that was copied last. */
    void goBack(long before) {
        position = before;
        messages--;
    }

    /** False if the producer is too fast at the moment. */
    private boolean goOnAtAMark() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long oldest = oldest();
            long tail = memory.getAcquire(TAIL);
            // In the middle, so as not to be lapped again at once; but where there is a message, if there is one.
            Marks.Mark mark = marks.first(oldest + (tail - oldest) / 2, tail - 1);
            if (mark == null) {
                mark = marks.last(oldest, tail - 1);
            }
            if (mark == null) {
                mark = marks.last(oldest, tail);
            }
            if (mark != null && mark.position() - position > 0 && !isGivenUp(mark.position())) {
                dropped += Math.max(0, mark.messages() - messages);
                position = mark.position();
                messages = mark.messages();
                return true;
            }
        }
        return false;
    }
}

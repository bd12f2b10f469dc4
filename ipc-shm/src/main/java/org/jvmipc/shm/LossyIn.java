package org.jvmipc.shm;

import static org.jvmipc.shm.SegmentLayout.HEAD;
import static org.jvmipc.shm.SegmentLayout.RECORD_HEADER;
import static org.jvmipc.shm.SegmentLayout.TAIL;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.MessageHandler;
import org.jvmipc.SegmentCorruptedException;

/**
 * A reader of {@code ring=broadcast&overflow=dropOldest}: copies each message, then looks whether the producer has
 * given up its place meanwhile; if so, the copy is thrown away, and the reader goes on in the middle of what there is,
 * so that it is not lapped again at once, and counts what it has missed. A handler sees sound messages only.
 */
final class LossyIn implements InRing {
    private static final int LEAST_COPY = 256;
    private static final int ATTEMPTS = 16;
    private static final int NOTHING = -1;
    private static final int AGAIN = -2;

    private final Segment segment;
    private final RingMemory memory;
    private final int capacity;
    private final Readers readers;
    private final Marks marks;
    private final int place;
    private ByteBuffer copy = ByteBuffer.allocate(LEAST_COPY);
    private ByteBuffer shown = copy.asReadOnlyBuffer();
    private boolean joined;
    private long head;
    /** Messages before {@link #head} since the beginning of time. */
    private long messages;
    private boolean handling;
    private volatile long dropped;
    private volatile boolean stopped;

    LossyIn(Segment segment) {
        this(segment, new MappedMemory(segment.ring(0)));
    }

    /** With a view of its ring. */
    LossyIn(Segment segment, RingMemory memory) {
        this.segment = segment;
        this.memory = memory;
        this.capacity = segment.capacity();
        this.readers = new Readers(segment.memory(), segment.geometry());
        this.marks = new Marks(memory, capacity);
        this.place = segment.place();
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = 0;
        handling = false;
        while (count < limit && !stopped && joined) {
            int length = copyNext();
            if (length == NOTHING) {
                break;
            }
            if (length == AGAIN) {
                continue;
            }
            handling = true;
            try {
                handler.onMessage(shown.clear().limit(length).order(ByteOrder.BIG_ENDIAN));
            } finally {
                readers.advance(place, head);
            }
            handling = false;
            count++;
        }
        return count;
    }

    @Override
    public boolean peeks() {
        return true;
    }

    @Override
    public boolean peek(MessageHandler handler) {
        handling = false;
        while (!stopped && joined) {
            long position = head;
            int length = copyNext();
            if (length == NOTHING) {
                break;
            }
            if (length != AGAIN) {
                // Others may read the position, but it was told to none of them yet.
                head = position;
                messages--;
                handling = true;
                handler.onMessage(shown.clear().limit(length).order(ByteOrder.BIG_ENDIAN));
                handling = false;
                return true;
            }
        }
        return false;
    }

    /** Copies the next message and moves on behind it; tells its length, or that there is none, or to look again. */
    private int copyNext() {
        long position = head;
        int at = RingRecords.at(position, capacity);
        long word = memory.getAcquire(at);
        int size = RingRecords.size(word, position, capacity);
        int length = size > 0 ? (int) word - RECORD_HEADER : 0;
        if (size > 0 && length <= LossyOut.maxMessage(capacity)) {
            if (copy.capacity() < length) {
                copy = ByteBuffer.allocate(Integer.highestOneBit(length) << 1);
                shown = copy.asReadOnlyBuffer();
            }
            copy.clear().put(memory.read(at + RECORD_HEADER, length));
        }
        // What was read until here is sound if the place was not given up until after that.
        VarHandle.loadLoadFence();
        if (isGivenUp(position)) {
            return goOnAtAMark() ? AGAIN : NOTHING;
        }
        if (word == 0) {
            return NOTHING;
        }
        if (size == 0 || length > LossyOut.maxMessage(capacity)) {
            throw RingRecords.nonsense(word, position, capacity);
        }
        head = position + Math.abs(size);
        if (size < 0) {
            readers.advance(place, head);
            return AGAIN;
        }
        messages++;
        return length;
    }

    private boolean isGivenUp(long position) {
        return memory.getAcquire(HEAD) - position > 0;
    }

    /** False if the producer is too fast at the moment. */
    private boolean goOnAtAMark() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long oldest = memory.getAcquire(HEAD);
            long tail = memory.getAcquire(TAIL);
            Marks.Mark mark = marks.first(oldest + (tail - oldest) / 2, tail);
            if (mark == null) {
                mark = marks.last(oldest, tail);
            }
            if (mark != null && mark.position() - head > 0 && !isGivenUp(mark.position())) {
                dropped += Math.max(0, mark.messages() - messages);
                head = mark.position();
                messages = mark.messages();
                readers.advance(place, head);
                return true;
            }
        }
        return false;
    }

    @Override
    public void othersChanged(Crowd senders) {
        if (!joined) {
            segment.whileNobodyAttaches(this::join);
        }
    }

    /** Begins behind all that was sent, or without other readers with what rests for the next one. */
    private void join() {
        boolean others = segment.isAnyAlive(Side.CONSUMER,
                (other, presence) -> other != place && readers.hasJoined(other, presence));
        for (int attempt = 0; attempt < ATTEMPTS && !joined; attempt++) {
            long oldest = memory.getAcquire(HEAD);
            long tail = memory.getAcquire(TAIL);
            long front = readers.front();
            long start = others && tail - front > 0 ? tail : front;
            start = start - oldest < 0 ? oldest : start;
            Marks.Mark mark = marks.last(oldest, start);
            long since = mark == null ? -1 : RingRecords.count(memory, capacity, mark.position(), start);
            VarHandle.loadLoadFence();
            if (since >= 0 && !isGivenUp(mark.position())) {
                head = start;
                messages = mark.messages() + since;
                readers.enter(place, segment.presence(), start);
                joined = true;
            }
        }
    }

    @Override
    public boolean hasMessage() {
        if (!readers.hasJoined(place, segment.presence())) {
            return false;
        }
        long position = readers.head(place);
        return memory.getAcquire(RingRecords.at(position, capacity)) != 0 || isGivenUp(position);
    }

    @Override
    public boolean hasFreed() {
        return false;
    }

    @Override
    public void wakeSenders() {
        // The producer does not wait.
    }

    @Override
    public boolean hasBegun() {
        return joined;
    }

    @Override
    public int lastSource() {
        return 0;
    }

    @Override
    public boolean isHandling() {
        return handling;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public void check() {
        if (!readers.hasJoined(place, segment.presence())) {
            return;
        }
        long position = readers.head(place);
        long end = memory.getAcquire(TAIL);
        boolean empty = memory.getAcquire(RingRecords.at(position, capacity)) == 0;
        VarHandle.loadLoadFence();
        if (end - position > 0 && empty && readers.head(place) == position && !isGivenUp(position)) {
            throw new SegmentCorruptedException("the producer is at " + end
                    + ", but there is no record at the reader's position " + position);
        }
    }

    @Override
    public long dropped() {
        return dropped;
    }

    private long depthFrom() {
        long oldest = memory.getAcquire(HEAD);
        long position = readers.hasJoined(place, segment.presence()) ? readers.head(place) : memory.getAcquire(TAIL);
        return position - oldest > 0 ? position : oldest;
    }

    @Override
    public long depthMessages() {
        return RingRecords.count(memory, capacity, this::depthFrom, () -> memory.getAcquire(TAIL));
    }

    @Override
    public long depthBytes() {
        long from = depthFrom();
        return Math.max(0, Math.min(capacity, memory.getAcquire(TAIL) - from));
    }

    @Override
    public long capacityBytes() {
        return capacity;
    }
}

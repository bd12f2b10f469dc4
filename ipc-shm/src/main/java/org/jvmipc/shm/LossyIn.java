package org.jvmipc.shm;

import static org.jvmipc.shm.SegmentLayout.TAIL;

import java.lang.invoke.VarHandle;
import org.jvmipc.MessageHandler;
import org.jvmipc.SegmentCorruptedException;

/**
 * A reader of {@code ring=broadcast&overflow=dropOldest}: goes along it by a {@link LossyCursor}, so that its handlers
 * see sound messages only, and counts what it has missed.
 */
final class LossyIn implements InRing {
    private static final int ATTEMPTS = 16;

    private final Segment segment;
    private final RingMemory memory;
    private final int capacity;
    private final Readers readers;
    private final LossyCursor cursor;
    private final int place;
    private boolean joined;
    /** Where the message begins that is handed over, or was last. */
    private long at;
    private boolean handling;
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
        this.cursor = new LossyCursor(memory, capacity);
        this.place = segment.place();
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = 0;
        handling = false;
        while (count < limit && !stopped && joined) {
            at = cursor.position();
            int length = cursor.copyNext();
            if (length == LossyCursor.NOTHING) {
                break;
            }
            if (length == LossyCursor.AGAIN) {
                readers.advance(place, cursor.position());
                continue;
            }
            handling = true;
            try {
                handler.onMessage(cursor.copied(length));
            } finally {
                readers.advance(place, cursor.position());
            }
            handling = false;
            count++;
        }
        return count;
    }

    @Override
    public boolean peek(MessageHandler handler) {
        handling = false;
        while (!stopped && joined) {
            at = cursor.position();
            int length = cursor.copyNext();
            if (length == LossyCursor.NOTHING) {
                break;
            }
            if (length == LossyCursor.AGAIN) {
                readers.advance(place, cursor.position());
                continue;
            }
            // Others may read the position, but it was told to none of them yet.
            cursor.goBack(at);
            handling = true;
            handler.onMessage(cursor.copied(length));
            handling = false;
            return true;
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
            long oldest = cursor.oldest();
            long tail = memory.getAcquire(TAIL);
            long front = readers.front();
            if (cursor.begin(oldest, others && tail - front > 0 ? tail : front)) {
                readers.enter(place, segment.presence(), cursor.position());
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
        return memory.getAcquire(RingRecords.at(position, capacity)) != 0 || cursor.isGivenUp(position);
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
    public long position() {
        return at;
    }

    @Override
    public long published(int place) {
        return RingRecords.end(memory, capacity);
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
        if (end - position > 0 && empty && readers.head(place) == position && !cursor.isGivenUp(position)) {
            throw new SegmentCorruptedException("the producer is at " + end
                    + ", but there is no record at the reader's position " + position);
        }
    }

    @Override
    public long dropped() {
        return cursor.dropped();
    }

    private long depthFrom() {
        long oldest = cursor.oldest();
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

package org.jvmipc.shm;

import static org.jvmipc.shm.SegmentLayout.ALIGNMENT;
import static org.jvmipc.shm.SegmentLayout.HEADER_SIZE;
import static org.jvmipc.shm.SegmentLayout.RECORD_HEADER;
import static org.jvmipc.shm.SegmentLayout.TAIL;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jvmipc.MessageHandler;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.posix.FutexReadiness;

/**
 * A reader of {@code ring=broadcast}: gets every message from its joining on, and holds the producer back by its
 * position. See {@code docs/formats/broadcast.md}.
 */
final class BroadcastIn implements InRing {
    private final Segment segment;
    private final RingMemory memory;
    private final int capacity;
    private final int mask;
    private final Readers readers;
    private final int place;
    private final long presence;
    private final int bell;
    private boolean joined;
    private long head;
    private boolean freed;
    private boolean signals;
    private boolean handling;
    private volatile boolean stopped;

    BroadcastIn(Segment segment) {
        this(segment, new MappedMemory(segment.ring(0)));
    }

    /** With a view of its ring. */
    BroadcastIn(Segment segment, RingMemory memory) {
        this.segment = segment;
        this.memory = memory;
        this.capacity = segment.capacity();
        this.mask = capacity - ALIGNMENT;
        this.readers = new Readers(segment.memory(), segment.geometry());
        this.place = segment.place();
        this.presence = segment.presence();
        this.bell = segment.geometry().bell(Side.PRODUCER, 0);
    }

    /** Without a segment around it: it is let in by the producer, and wakes nobody. */
    BroadcastIn(RingMemory memory, int capacity, Readers readers, int place, long presence) {
        this.segment = null;
        this.memory = memory;
        this.capacity = capacity;
        this.mask = capacity - ALIGNMENT;
        this.readers = readers;
        this.place = place;
        this.presence = presence;
        this.bell = 0;
    }

    private boolean hasJoined() {
        return readers.hasJoined(place, presence);
    }

    /** Begins if the beginning is known. */
    private boolean join() {
        if (!hasJoined()) {
            return false;
        }
        long position = readers.head(place);
        long behind = memory.getAcquire(TAIL) - position;
        // The producer may have died before it told the end of its last record.
        if (behind > capacity || behind < -capacity || (position & ALIGNMENT - 1) != 0) {
            throw new SegmentCorruptedException("the reader's position is " + position + ", " + behind
                    + " behind the producer's, allowed is a multiple of " + ALIGNMENT + " up to " + capacity
                    + " behind");
        }
        head = position;
        joined = true;
        return true;
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = 0;
        handling = false;
        if (!joined && !join()) {
            return 0;
        }
        while (count < limit && !stopped) {
            long position = head;
            int at = HEADER_SIZE + ((int) position & mask);
            long word = memory.getAcquire(at);
            if (word == 0) {
                break;
            }
            int size = RingRecords.size(word, position, capacity);
            if (size <= 0) {
                if (size == 0) {
                    throw RingRecords.nonsense(word, position, capacity);
                }
                advance(position - size);
                continue;
            }
            ByteBuffer message = memory.read(at + RECORD_HEADER, (int) word - RECORD_HEADER);
            handling = true;
            try {
                handler.onMessage(message);
            } finally {
                advance(position + size);
            }
            handling = false;
            count++;
        }
        return count;
    }

    @Override
    public boolean peek(MessageHandler handler) {
        handling = false;
        if (!joined && !join()) {
            return false;
        }
        while (!stopped) {
            int at = HEADER_SIZE + ((int) head & mask);
            long word = memory.getAcquire(at);
            if (word == 0) {
                break;
            }
            int size = RingRecords.size(word, head, capacity);
            if (size == 0) {
                throw RingRecords.nonsense(word, head, capacity);
            }
            if (size > 0) {
                handling = true;
                handler.onMessage(memory.read(at + RECORD_HEADER, (int) word - RECORD_HEADER));
                handling = false;
                return true;
            }
            advance(head - size);
        }
        return false;
    }

    private void advance(long position) {
        head = position;
        readers.advance(place, position);
        freed = true;
    }

    @Override
    public boolean hasFreed() {
        return freed;
    }

    @Override
    public void wakeSenders() {
        freed = false;
        if (signals) {
            VarHandle.fullFence();
            FutexReadiness.signal(segment.memory(), bell, bell + Integer.BYTES);
        }
    }

    @Override
    public void othersChanged(Crowd senders) {
        signals = senders.maySleep();
        if (!joined && !join()) {
            segment.whileNobodyAttaches(this::joinUnlessLetIn);
        }
    }

    /**
     * Without another reader, begins with what rests for the next one; the producer stays behind that. With others, but
     * without a producer, begins behind all that was sent. With both, only the producer can tell where it is, and does
     * so before it sends the next message.
     */
    private void joinUnlessLetIn() {
        if (!segment.isAnyAlive(Side.CONSUMER,
                (other, theirs) -> other != place && readers.hasJoined(other, theirs))) {
            readers.enter(place, presence, readers.front());
        } else if (!segment.isAnyAlive(Side.PRODUCER, (any, theirs) -> true)) {
            // One that died may have published one record more than it told, and somebody may have taken that.
            long tail = memory.getAcquire(TAIL);
            long front = readers.front();
            readers.enter(place, presence, tail - front > 0 ? tail : front);
        }
    }

    @Override
    public boolean hasMessage() {
        return hasJoined() && memory.getAcquire(HEADER_SIZE + ((int) readers.head(place) & mask)) != 0;
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
        return head;
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
        if (!hasJoined()) {
            return;
        }
        long position = readers.head(place);
        long end = memory.getAcquire(TAIL);
        boolean empty = memory.getAcquire(HEADER_SIZE + ((int) position & mask)) == 0;
        if (end - position > 0 && empty && readers.head(place) == position) {
            throw new SegmentCorruptedException("the producer is at " + end
                    + ", but there is no record at the reader's position " + position);
        }
    }

    private long depthFrom() {
        return hasJoined() ? readers.head(place) : memory.getAcquire(TAIL);
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

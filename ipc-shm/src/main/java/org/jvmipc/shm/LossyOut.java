package org.jvmipc.shm;

import static org.jvmipc.shm.BroadcastLayout.NO_POSITION;
import static org.jvmipc.shm.SegmentLayout.ALIGNMENT;
import static org.jvmipc.shm.SegmentLayout.HEAD;
import static org.jvmipc.shm.SegmentLayout.RECORD_HEADER;
import static org.jvmipc.shm.SegmentLayout.TAIL;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jvmipc.SegmentCorruptedException;

/**
 * The producer of {@code ring=broadcast&overflow=dropOldest}, which waits for nobody. It is the producer of a ring of
 * one consumer whose HEAD it moves on itself: before it writes over old records it gives up some eighth of the ring,
 * and readers find by HEAD whether what they have copied was sound. That is a sequence lock whose counter is a
 * position, as in Agrona's {@code BroadcastTransmitter}, only that it is stored once for many messages instead of with
 * each. How the stores and loads of a sequence lock are to be ordered is told by H.-J. Boehm, <i>Can seqlocks get along
 * with programming language memory models?</i>, MSPC 2012.
 */
final class LossyOut implements OutRing {
    /** Once for padding, and once for a message that needs the room of that, too. */
    private static final int ATTEMPTS = 2;

    private final RingMemory memory;
    private final int capacity;
    private final SpscRing.Producer ring;
    private final Readers readers;
    private final Marks marks;
    private long messages;
    private long nextMark;
    private volatile int[] live = {};

    LossyOut(Segment segment) {
        this(segment, new MappedMemory(segment.ring(0)));
    }

    /** With a view of its ring. */
    LossyOut(Segment segment, RingMemory memory) {
        this(memory, segment.capacity(), new Readers(segment.memory(), segment.geometry()));
    }

    /** Without a segment around it. */
    LossyOut(RingMemory memory, int capacity, Readers readers) {
        this.memory = memory;
        this.capacity = capacity;
        this.ring = new SpscRing.Producer(memory, capacity);
        this.readers = readers;
        this.marks = new Marks(memory, capacity);
        Marks.Mark last = marks.last(memory.getAcquire(HEAD), ring.position());
        long since = last == null ? -1 : RingRecords.count(memory, capacity, last.position(), ring.position());
        if (since < 0) {
            throw new SegmentCorruptedException("no mark from the position " + memory.getAcquire(HEAD) + " to "
                    + ring.position() + " is the beginning of a record");
        }
        this.messages = last.messages() + since;
        this.nextMark = marks.next(last.position());
    }

    @Override
    public int maxMessage() {
        return SpscRing.maxMessage(capacity);
    }

    @Override
    public boolean offer(ByteBuffer message) {
        boolean sent = ring.offer(message);
        for (int i = 0; i < ATTEMPTS && !sent; i++) {
            giveUp(message.remaining());
            sent = ring.offer(message);
        }
        if (sent) {
            count();
        }
        return sent;
    }

    @Override
    public ByteBuffer tryClaim(int length) {
        ByteBuffer room = ring.tryClaim(length);
        for (int i = 0; i < ATTEMPTS && room == null; i++) {
            giveUp(length);
            room = ring.tryClaim(length);
        }
        return room;
    }

    @Override
    public void commitClaim() {
        ring.commitClaim();
        count();
    }

    private void count() {
        messages++;
        if (ring.position() - nextMark >= 0) {
            mark();
        }
    }

    private long mark() {
        long here = ring.position();
        marks.set(here, messages, memory.getAcquire(HEAD));
        nextMark = marks.next(here);
        return here;
    }

    /** Gives up as much as a message needs, up to the next mark; or all, if padding has to come first for that. */
    private void giveUp(int length) {
        long tail = ring.position();
        int size = SegmentLayout.recordSize(length);
        int untilEnd = capacity - ((int) tail & capacity - ALIGNMENT);
        long end = tail + (size > untilEnd ? untilEnd : 0) + size + RECORD_HEADER;
        long needed = end - capacity - tail > 0 ? tail : end - capacity;
        long oldest = marks.firstPosition(needed, tail);
        if (oldest == NO_POSITION) {
            oldest = mark();
        }
        memory.setRelease(HEAD, oldest);
        // Whoever sees any of what is written from here on sees this, too.
        VarHandle.fullFence();
    }

    @Override
    public boolean confirms() {
        return false;
    }

    @Override
    public long position() {
        return ring.position();
    }

    @Override
    public boolean isTaken(long position) {
        throw new UnsupportedOperationException("a lossy ring does not wait for its readers");
    }

    @Override
    public boolean mayOffer() {
        return true;
    }

    @Override
    public void othersChanged(Crowd crowd) {
        if (!crowd.isAtExactly(live)) {
            live = crowd.placesTaken();
        }
    }

    @Override
    public String heldUpBy(Crowd crowd) {
        return "";
    }

    /** From where on the slowest reader still has to read. */
    private long depthFrom() {
        long oldest = memory.getAcquire(HEAD);
        long taken = readers.taken(live);
        return taken - oldest > 0 ? taken : oldest;
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
}

package org.jvmipc.shm;

import static org.jvmipc.shm.SegmentLayout.HEAD;
import static org.jvmipc.shm.SegmentLayout.TAIL;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The producer of {@code ring=broadcast}, which all readers hold back. It is the producer of a ring of one consumer,
 * whose HEAD it stores itself: when it runs out of room it gathers there what all readers have taken. So a message
 * costs what it costs in a ring for two, however many read it.
 *
 * <p>It also says where a reader begins if there are others ({@link #othersChanged}), because only the producer knows
 * what it is about to write over: at its own position, from which on it stays within one capacity. {@code
 * docs/formats/broadcast.md} argues what becomes of that when somebody dies or stops.
 */
final class BroadcastOut implements OutRing {
    private final RingMemory memory;
    private final int capacity;
    private final SpscRing.Producer ring;
    private final Readers readers;
    /** The places of those who have joined and live; replaced as a whole. */
    private volatile int[] live = {};

    BroadcastOut(Segment segment) {
        this(segment, new MappedMemory(segment.ring(0)));
    }

    /** With a view of its ring. */
    BroadcastOut(Segment segment, RingMemory memory) {
        this.memory = memory;
        this.capacity = segment.capacity();
        this.ring = new SpscRing.Producer(memory, capacity);
        this.readers = new Readers(segment.memory(), segment.geometry());
    }

    /** Without a segment around it, for readers that have joined. */
    BroadcastOut(RingMemory memory, int capacity, Readers readers, int... live) {
        this.memory = memory;
        this.capacity = capacity;
        this.ring = new SpscRing.Producer(memory, capacity);
        this.readers = readers;
        this.live = live;
    }

    @Override
    public int maxMessage() {
        return SpscRing.maxMessage(capacity);
    }

    @Override
    public boolean offer(ByteBuffer message) {
        return ring.offer(message) || gather() && ring.offer(message);
    }

    @Override
    public ByteBuffer tryClaim(int length) {
        ByteBuffer room = ring.tryClaim(length);
        return room == null && gather() ? ring.tryClaim(length) : room;
    }

    @Override
    public void commitClaim() {
        ring.commitClaim();
    }

    /** Whether room was found. */
    private boolean gather() {
        long taken = taken();
        if (taken == memory.getAcquire(HEAD)) {
            return false;
        }
        memory.setRelease(HEAD, taken);
        return true;
    }

    /**
     * A reader behind HEAD is one that the producer before had found dead and has written over, and that this one has
     * not looked at yet.
     */
    private long taken() {
        long head = memory.getAcquire(HEAD);
        long slowest = readers.taken(live);
        return slowest - head > 0 ? slowest : head;
    }

    @Override
    public long position() {
        return ring.position();
    }

    @Override
    public boolean isTaken(long position) {
        return taken() - position >= 0;
    }

    @Override
    public boolean mayOffer() {
        return taken() != memory.getAcquire(HEAD);
    }

    @Override
    public synchronized void othersChanged(Crowd crowd) {
        if (crowd.isAtExactly(live) && haveJoined(live, crowd)) {
            return;
        }
        if (!haveAllJoined(crowd) && hasAnyJoined(crowd)) {
            // A newcomer may follow one that has died: then it is to get what that one has not.
            crowd.lookForLifeNow();
        }
        long start = hasAnyJoined(crowd) ? ring.position() : readers.front();
        for (int place : crowd.placesTaken()) {
            readers.letIn(place, crowd.presence(place), start);
        }
        // One who has just left was perhaps not let in, and is not to be waited for.
        live = joined(crowd);
    }

    private boolean haveJoined(int[] places, Crowd crowd) {
        for (int place : places) {
            if (!readers.hasJoined(place, crowd.presence(place))) {
                return false;
            }
        }
        return true;
    }

    private int[] joined(Crowd crowd) {
        return Arrays.stream(crowd.placesTaken()).filter(place -> readers.hasJoined(place, crowd.presence(place)))
                .toArray();
    }

    private boolean hasAnyJoined(Crowd crowd) {
        return joined(crowd).length > 0;
    }

    private boolean haveAllJoined(Crowd crowd) {
        return joined(crowd).length == crowd.placesTaken().length;
    }

    @Override
    public synchronized void othersGone(Crowd crowd) {
        live = Arrays.stream(live).filter(place -> crowd.presence(place) != 0).toArray();
    }

    @Override
    public String heldUpBy(Crowd crowd) {
        int slowest = readers.slowest(live);
        return slowest < 0 || crowd.presence(slowest) == 0 ? "" : String.valueOf(crowd.watch(slowest).seen().info());
    }

    @Override
    public long depthMessages() {
        return RingRecords.count(memory, capacity, this::taken, () -> memory.getAcquire(TAIL));
    }

    @Override
    public long depthBytes() {
        long taken = taken();
        return Math.max(0, Math.min(capacity, memory.getAcquire(TAIL) - taken));
    }
}

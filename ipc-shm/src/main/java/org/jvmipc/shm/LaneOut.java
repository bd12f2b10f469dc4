package org.jvmipc.shm;

import java.nio.ByteBuffer;

/**
 * A producer of {@code ring=mpsc}: it has a ring of one producer and one consumer to itself, its lane. No step of one
 * producer can be seen by another, so none can hold another up, alive, stopped or dead.
 */
final class LaneOut implements OutRing {
    private final RingMemory memory;
    private final int capacity;
    private final SpscRing.Producer ring;

    LaneOut(Segment segment) {
        this(segment, new MappedMemory(segment.ring(segment.place())));
    }

    /** With a view of its lane. */
    LaneOut(Segment segment, RingMemory memory) {
        this.memory = memory;
        this.capacity = segment.capacity();
        this.ring = new SpscRing.Producer(memory, capacity);
    }

    @Override
    public int maxMessage() {
        return SpscRing.maxMessage(capacity);
    }

    @Override
    public boolean offer(ByteBuffer message) {
        return ring.offer(message);
    }

    @Override
    public int offerAll(ByteBuffer messages, int size) {
        return ring.offerAll(messages, size);
    }

    @Override
    public ByteBuffer tryClaim(int length) {
        return ring.tryClaim(length);
    }

    @Override
    public void commitClaim() {
        ring.commitClaim();
    }

    @Override
    public long position() {
        return ring.position();
    }

    @Override
    public boolean isTaken(long position) {
        return ring.isTaken(position);
    }

    @Override
    public boolean mayOffer() {
        return ring.hasAwaitedRoom();
    }

    @Override
    public long depthMessages() {
        return SpscRing.depthMessages(memory, capacity);
    }

    @Override
    public long depthBytes() {
        return SpscRing.depthBytes(memory, capacity);
    }
}

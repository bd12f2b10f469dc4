package org.jvmipc.shm;

import java.nio.ByteBuffer;

/**
 * Where what lies in a segment, as follows from what it holds and for how many. A segment for two has their slots in
 * its header, and the ring follows. One for more has a table of slots after the header page, first all producers', then
 * all consumers', and then its rings: one for each producer, or one for all.
 *
 * @param kind what the segment holds, {@link SegmentLayout#KIND_SPSC} and so on
 * @param capacity the bytes of a ring
 * @param producers how many producers there may be at a time
 * @param consumers how many consumers there may be at a time
 */
record Geometry(int kind, long capacity, int producers, int consumers) {
    private static final int PAGE = 4096;

    /** The geometry of a segment for one producer and one consumer. */
    static Geometry ofTwo(int kind, long capacity) {
        return new Geometry(kind, capacity, 1, 1);
    }

    /** What a header says; to be checked by {@link #isSound}. */
    static Geometry of(ByteBuffer header) {
        return new Geometry(header.getInt(SegmentLayout.KIND), header.getLong(SegmentLayout.CAPACITY),
                header.getInt(SegmentLayout.PRODUCERS), header.getInt(SegmentLayout.CONSUMERS));
    }

    boolean isSound() {
        return kind >= SegmentLayout.KIND_SPSC && kind <= SegmentLayout.KIND_MPMC && isSound(Side.PRODUCER)
                && isSound(Side.CONSUMER) && SegmentLayout.isCapacity(capacity) && fileSize() <= Integer.MAX_VALUE;
    }

    private boolean isSound(Side side) {
        return places(side) >= 1 && places(side) <= mostPlaces(side);
    }

    private int mostPlaces(Side side) {
        int most = kind == SegmentLayout.KIND_MPMC && side == Side.CONSUMER
                ? MpmcLayout.MAX_CONSUMERS : SegmentLayout.MAX_PLACES;
        return takesOne(side) ? 1 : most;
    }

    /** Whether it is for two, with their slots in the header. */
    boolean isForTwo() {
        return kind == SegmentLayout.KIND_SPSC || kind == SegmentLayout.KIND_DOOR;
    }

    /** Whether there is never more than one on a side. */
    boolean takesOne(Side side) {
        return switch (kind) {
            case SegmentLayout.KIND_MPSC -> side == Side.CONSUMER;
            case SegmentLayout.KIND_MPMC -> false;
            case SegmentLayout.KIND_BROADCAST, SegmentLayout.KIND_LOSSY -> side == Side.PRODUCER;
            default -> true;
        };
    }

    /** How many of a side there may be at a time. */
    int places(Side side) {
        return side == Side.PRODUCER ? producers : consumers;
    }

    /** Where a slot begins. */
    int slot(Side side, int place) {
        if (isForTwo()) {
            return side == Side.PRODUCER ? SegmentLayout.PRODUCER_SLOT : SegmentLayout.CONSUMER_SLOT;
        }
        int before = side == Side.PRODUCER ? 0 : producers;
        return SegmentLayout.HEADER_SIZE + (before + place) * SegmentLayout.SLOT_SIZE;
    }

    /** Where the word is that changes with each coming and going on a side, for the other one to look at. */
    int changes(Side side) {
        return side == Side.PRODUCER ? SegmentLayout.PRODUCER_CHANGES : SegmentLayout.CONSUMER_CHANGES;
    }

    /** Where the sequence is on which a participant sleeps; its announcement follows. */
    int bell(Side side, int place) {
        if (side == Side.CONSUMER) {
            return SegmentLayout.CONSUMER_SEQUENCE;
        }
        return kind == SegmentLayout.KIND_MPSC
                ? (int) ring(place) + SegmentLayout.PRODUCER_SEQUENCE : SegmentLayout.PRODUCER_SEQUENCE;
    }

    /** The bytes before the first ring. */
    long headerBytes() {
        return isForTwo() ? SegmentLayout.HEADER_SIZE
                : pages(SegmentLayout.HEADER_SIZE + (long) (producers + consumers) * SegmentLayout.SLOT_SIZE);
    }

    int rings() {
        return kind == SegmentLayout.KIND_MPSC ? producers : 1;
    }

    /** Where a ring begins, with what belongs to it alone. */
    long ring(int number) {
        return isForTwo() ? 0 : headerBytes() + number * ringBytes();
    }

    /** The bytes of a ring with what belongs to it alone. */
    long ringBytes() {
        long more = kind == SegmentLayout.KIND_MPMC ? pages(MpmcLayout.overhead(producers, capacity)) : readerBytes();
        return SegmentLayout.HEADER_SIZE + more + capacity;
    }

    /** What is in the ring of many producers and many consumers. */
    MpmcLayout mpmc() {
        return new MpmcLayout(SegmentLayout.HEADER_SIZE, producers, consumers, (int) capacity);
    }

    boolean isBroadcast() {
        return kind == SegmentLayout.KIND_BROADCAST || kind == SegmentLayout.KIND_LOSSY;
    }

    /** Where the lines of a broadcast's readers begin. */
    long readers() {
        return ring(0) + SegmentLayout.HEADER_SIZE + capacity;
    }

    /** What the readers of a broadcast have behind its ring. */
    private long readerBytes() {
        return isBroadcast() ? pages((long) consumers * SegmentLayout.LINE) : 0;
    }

    long fileSize() {
        return isForTwo() ? SegmentLayout.HEADER_SIZE + capacity : headerBytes() + rings() * ringBytes();
    }

    private static long pages(long bytes) {
        return bytes + PAGE - 1 & -PAGE;
    }

    /** As an address says it. */
    static String name(int kind) {
        return switch (kind) {
            case SegmentLayout.KIND_SPSC -> "ring=spsc";
            case SegmentLayout.KIND_DOOR -> "a listener's door";
            case SegmentLayout.KIND_MPSC -> "ring=mpsc";
            case SegmentLayout.KIND_MPMC -> "ring=mpmc";
            case SegmentLayout.KIND_BROADCAST -> "ring=broadcast";
            case SegmentLayout.KIND_LOSSY -> "ring=broadcast with overflow=dropOldest";
            default -> "unknown";
        };
    }

    /** The option that says how many there may be on a side. */
    String option(Side side) {
        return side == Side.PRODUCER ? "producers" : isBroadcast() ? "readers" : "consumers";
    }

    /** What one on a side is called. */
    String role(Side side) {
        if (kind == SegmentLayout.KIND_DOOR) {
            return "listener";
        }
        return side == Side.PRODUCER ? "producer" : isBroadcast() ? "reader" : "consumer";
    }
}

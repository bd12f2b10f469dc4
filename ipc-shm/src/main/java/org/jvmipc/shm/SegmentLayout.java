package org.jvmipc.shm;

/**
 * Where what stands in a segment, byte by byte; {@code docs/formats/ring.md} tells the same and a test compares them.
 * All numbers are in native byte order. What one side writes often, what the other side writes often, and what is
 * constant, stand on lines of their own, 128 bytes apart.
 */
final class SegmentLayout {
    /** "JVMIPC", then two digits of the family of layouts; read as characters in memory order. */
    static final byte[] MAGIC_BYTES = {'J', 'V', 'M', 'I', 'P', 'C', '0', '1'};
    static final int VERSION = 1;
    /** A ring of one producer and one consumer. */
    static final int KIND_SPSC = 1;
    /** Where a listener waits: its ring is unused, its tail counts who has knocked, its consumer is the listener. */
    static final int KIND_DOOR = 2;
    /** A ring for each of several producers, and one consumer. */
    static final int KIND_MPSC = 3;
    /** A ring of one producer whose messages all readers see. */
    static final int KIND_BROADCAST = 4;
    /** The same, where the producer does not wait for readers. */
    static final int KIND_LOSSY = 5;
    /** A ring of several producers and several consumers. */
    static final int KIND_MPMC = 6;
    static final long BYTE_ORDER_MARK = 0x0102030405060708L;
    static final int STATE_READY = 1;

    static final int LINE = 128;
    /** Bytes before the ring. */
    static final int HEADER_SIZE = 4096;

    // Constant once ready.
    static final int MAGIC = 0;
    static final int LAYOUT_VERSION = 8;
    static final int KIND = 12;
    static final int BYTE_ORDER = 16;
    static final int HEADER_BYTES = 24;
    static final int CAPACITY = 32;
    static final int FILE_SIZE = 40;
    static final int GENERATION = 48;
    static final int TYPE_HASH = 56;
    static final int CREATOR_PID = 64;
    /** Written last of all by the creator. */
    static final int STATE = 72;
    static final int PRODUCERS = 76;
    static final int CONSUMERS = 80;
    static final int FRAGMENTS = 84;
    /** To the end of the line. */
    static final int TYPE_TEXT = 88;

    // Written by the producer.
    static final int TAIL = LINE;
    // Written by the consumer.
    static final int HEAD = 2 * LINE;

    // Written by a consumer that sleeps, and by a producer that wakes it.
    static final int CONSUMER_SEQUENCE = 3 * LINE;
    static final int CONSUMER_ANNOUNCEMENT = 3 * LINE + 4;
    // Written by a producer that sleeps, and by a consumer that wakes it.
    static final int PRODUCER_SEQUENCE = 4 * LINE;
    static final int PRODUCER_ANNOUNCEMENT = 4 * LINE + 4;

    // Who is there: two slots of two lines.
    static final int PRODUCER_SLOT = 5 * LINE;
    static final int CONSUMER_SLOT = 7 * LINE;
    static final int SLOT_SIZE = 2 * LINE;

    // Where there may be several of a side: incremented when one comes or goes.
    static final int PRODUCER_CHANGES = 9 * LINE;
    static final int CONSUMER_CHANGES = 10 * LINE;

    // Within a slot.
    static final int PRESENCE = 0;
    static final int LAST_LEFT = 8;
    static final int LAST_DIED = 16;
    static final int PID = 24;
    static final int START_TICKS = 32;
    static final int PID_NAMESPACE = 40;
    static final int NAME_LENGTH = 48;
    static final int LIFE_LENGTH = 52;
    static final int NAME = 56;
    static final int NAME_MAX = 104;
    static final int LIFE_HOME = 160;
    static final int LIFE = 168;
    static final int LIFE_MAX = 88;

    // Bits of the presence; the rest is the number of the occupancy.
    static final long MAY_SLEEP = 1;
    static final long ATTACHED = 2;
    static final long KEEPS = 4;
    static final int OCCUPANCY_SHIFT = 3;

    // Within the ring.
    static final int RECORD_HEADER = 8;
    static final int ALIGNMENT = 8;
    /** What the largest record leaves free: its own length word and the next one's. */
    static final int LARGEST_OVERHEAD = 2 * RECORD_HEADER;

    static final long MIN_CAPACITY = 4 << 10;
    static final long MAX_CAPACITY = 1 << 30;
    /** How many of a side there may be at most. */
    static final int MAX_PLACES = 64;

    private SegmentLayout() {
    }

    static long occupancy(long presence) {
        return presence >>> OCCUPANCY_SHIFT;
    }

    static boolean isAttached(long presence) {
        return (presence & ATTACHED) != 0;
    }

    static boolean maySleep(long presence) {
        return (presence & (ATTACHED | MAY_SLEEP)) == (ATTACHED | MAY_SLEEP);
    }

    static boolean isCapacity(long bytes) {
        return bytes >= MIN_CAPACITY && bytes <= MAX_CAPACITY && Long.bitCount(bytes) == 1;
    }

    /** The bytes that a message takes in the ring. */
    static int recordSize(int messageLength) {
        return messageLength + (RECORD_HEADER + ALIGNMENT - 1) & -ALIGNMENT;
    }
}

package org.jvmipc.shm.sync;

/**
 * Where what stands in the memory of a thing to synchronize by, byte by byte; {@code docs/formats/sync.md} tells the
 * same and a test compares them. All numbers are in native byte order, offsets from the beginning of the segment's
 * memory for users. All but the first line begins as zeros.
 */
final class SyncLayout {
    /** "JVMISYNC", read as characters in memory order. */
    static final byte[] MAGIC_BYTES = {'J', 'V', 'M', 'I', 'S', 'Y', 'N', 'C'};
    static final int VERSION = 1;
    static final int LINE = 128;

    // Constant, written by the creator before the segment is ready.
    static final int MAGIC = 0;
    static final int LAYOUT_VERSION = 8;
    static final int KIND = 12;
    static final int FAIR = 16;
    static final int RECORD_TOTAL = 20;
    static final int PARAMETER = 24;

    /** The word by which a lock is taken; see {@link LockState}. */
    static final int WORD = LINE;

    // Who waits, in which order.
    static final int TICKETS = 2 * LINE;
    static final int RECORDS_USED = 2 * LINE + 8;

    // What is written by the holder of a lock, or on a holder's death.
    static final int HOLDS = 3 * LINE;
    static final int LAST_DEAD = 3 * LINE + 8;
    static final int LAST_DEAD_PID = 3 * LINE + 16;
    /** Written by those who wait, or have waited. */
    static final int HELD_SINCE = 3 * LINE + 24;

    /** From here to {@link #OWN_END} is for what the kinds have of their own. */
    static final int OWN = 4 * LINE;
    static final int OWN_END = 16 * LINE;

    // Of a read-write lock: how often threads of each participant hold it for reading.
    static final int READERS_USED = OWN;
    static final int READERS = OWN + LINE;
    static final int READER_COUNT = 48;

    // Names of conditions.
    static final int NAMES = 16 * LINE;
    static final int NAME_COUNT = 64;
    static final int NAME_SIZE = 64;
    static final int NAME_DIGEST = 0;
    static final int NAME_LENGTH = 8;
    static final int NAME_TEXT = 12;
    static final int NAME_MAX = 52;

    // Of a read-write lock: threads that read, and wait for something else.
    static final int READ_NOTES = 6144;

    // The records of those who wait.
    static final int RECORDS = 8192;
    static final int RECORD_COUNT = 512;
    static final int RECORD_SIZE = 64;

    // Within a record.
    static final int OWNER = 0;
    static final int STATE = 8;
    static final int SINCE = 16;
    static final int SIGNAL = 24;
    static final int SEQUENCE = 28;
    static final int ANNOUNCEMENT = 32;
    static final int THREAD_NAME_LENGTH = 36;
    static final int THREAD_NAME = 40;
    static final int THREAD_NAME_MAX = 24;

    static final int SIZE = RECORDS + RECORD_COUNT * RECORD_SIZE;

    private SyncLayout() {
    }

    static int record(int index) {
        return RECORDS + index * RECORD_SIZE;
    }
}

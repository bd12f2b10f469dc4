package org.jvmipc.posix.internal;

import org.jvmipc.spi.CounterStore;

/** The layout of a file of counters: {@code docs/formats/counters.md}, which a test compares with these. */
final class CounterLayout {
    /** {@code JVMIPCCT} in the order of the bytes, whatever the machine's. */
    static final byte[] MAGIC_BYTES = {'J', 'V', 'M', 'I', 'P', 'C', 'C', 'T'};
    static final int VERSION = 1;

    static final int MAGIC = 0;
    static final int LAYOUT_VERSION = 8;
    static final int HEADER_BYTES = 12;
    static final int RECORD_BYTES = 16;
    static final int RECORDS = 20;
    static final int PID = 24;
    static final int START_TIME = 32;
    static final int CREATED = 40;
    static final int UNRECORDED = 48;
    static final int HEADER_SIZE = 512;

    static final int GENERATION = 0;
    static final int STATE = 8;
    static final int END = 12;
    static final int OPENED = 16;
    static final int CLOSED = 24;
    static final int ADDRESS_LENGTH = 32;
    static final int NUMBER = 40;
    static final int COUNTERS = 64;
    static final int ADDRESS = COUNTERS + CounterStore.COUNTER_BYTES;
    static final int RECORD_SIZE = 512;
    static final int ADDRESS_MAX = RECORD_SIZE - ADDRESS;

    /** As many as fill 64 KiB together with the header; a process that has more ends has more files. */
    static final int RECORD_COUNT = 127;
    static final int FILE_SIZE = HEADER_SIZE + RECORD_COUNT * RECORD_SIZE;

    static final int STATE_FREE = 0;
    static final int STATE_OPEN = 1;
    static final int STATE_CLOSED = 2;
    static final int END_SENDER = 1;
    static final int END_RECEIVER = 2;

    private CounterLayout() {
    }
}

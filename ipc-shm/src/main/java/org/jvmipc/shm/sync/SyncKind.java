package org.jvmipc.shm.sync;

import java.util.Locale;

/** What can stand under a name to synchronize by. */
public enum SyncKind {
    /** A {@link SharedLock}. */
    LOCK(1),
    /** A {@link SharedReentrantLock}. */
    REENTRANT_LOCK(2),
    /** A {@link SharedReadWriteLock}. */
    READ_WRITE_LOCK(3),
    /** A {@link SharedMonitor}. */
    MONITOR(4),
    /** A {@link SharedSemaphore}. */
    SEMAPHORE(16),
    /** A {@link SharedCountDownLatch}. */
    COUNT_DOWN_LATCH(17),
    /** A {@link SharedBarrier}. */
    BARRIER(18),
    /** A {@link SharedEvent}. */
    EVENT(19),
    /** A {@link SharedAtomicLong}. */
    ATOMIC_LONG(20),
    /** A {@link SharedAtomicBoolean}. */
    ATOMIC_BOOLEAN(21),
    /** A {@link SharedAtomicReference}. */
    ATOMIC_REFERENCE(22),
    /** A {@link Banker}. */
    BANKER(32);

    private final int code;

    SyncKind(int code) {
        this.code = code;
    }

    /** The number in the memory. */
    int code() {
        return code;
    }

    /** Whether it is a lock, whose next holder is to be told of the death of the one before. */
    boolean isLock() {
        return code <= MONITOR.code;
    }

    /** What people call it. */
    String title() {
        return this == READ_WRITE_LOCK ? "read-write lock" : name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** What the segment says that it holds. */
    String type() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + "/" + SyncLayout.VERSION;
    }
}

package org.jvmipc.shm.sync;

/** Words in memory that processes share, with sequentially consistent access. */
interface SyncWords {
    long get(int offset);

    void set(int offset, long value);

    boolean compareAndSet(int offset, long expected, long value);
}

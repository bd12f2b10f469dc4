package org.jvmipc.posix.internal.calls;

/** Semaphore sets of System V. */
public interface SysvSemaphoreLib {

    /** {@code semget(2)}. */
    int semget(int key, int count, int flags);

    /** {@code semtimedop(2)}. */
    int semtimedop(int id, long operations, long count, long timeout);

    /** {@code semctl(2)}. */
    int semctl(int id, int index, int command, long argument);
}

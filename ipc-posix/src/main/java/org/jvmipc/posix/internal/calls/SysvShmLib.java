package org.jvmipc.posix.internal.calls;

/** Shared memory of System V. */
public interface SysvShmLib {

    /** {@code shmget(2)}. */
    int shmget(int key, long size, int flags);

    /** {@code shmat(2)}. */
    long shmat(int id, long address, int flags);

    /** {@code shmdt(2)}. */
    int shmdt(long address);

    /** {@code shmctl(2)}. */
    int shmctl(int id, int command, long argument);
}

package org.jvmipc.posix.internal.calls;

/** Waiting for semaphores of POSIX by a clock that nobody sets; not in every C library. */
@SuppressWarnings("checkstyle:MethodName") // the names are those of C
public interface PosixSemaphoreClockLib {

    /** {@code sem_clockwait(3)}, glibc 2.30. */
    int sem_clockwait(long semaphore, int clock, long time);

    /** {@code clock_gettime(2)}. */
    int clock_gettime(int clock, long result);
}

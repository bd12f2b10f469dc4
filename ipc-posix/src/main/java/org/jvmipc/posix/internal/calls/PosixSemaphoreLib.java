package org.jvmipc.posix.internal.calls;

import jnr.ffi.annotations.In;

/** Named semaphores of POSIX. */
@SuppressWarnings("checkstyle:MethodName") // the names are those of C
public interface PosixSemaphoreLib {

    /** {@code sem_open(3)}. */
    long sem_open(@In byte[] name, int flags, int mode, int value);

    /** {@code sem_close(3)}. */
    int sem_close(long semaphore);

    /** {@code sem_unlink(3)}. */
    int sem_unlink(@In byte[] name);

    /** {@code sem_trywait(3)}. */
    int sem_trywait(long semaphore);

    /** {@code sem_timedwait(3)}. */
    int sem_timedwait(long semaphore, long time);

    /** {@code sem_post(3)}. */
    int sem_post(long semaphore);

    /** {@code sem_getvalue(3)}. */
    int sem_getvalue(long semaphore, long result);
}

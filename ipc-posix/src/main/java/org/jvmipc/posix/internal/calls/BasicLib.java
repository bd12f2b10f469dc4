package org.jvmipc.posix.internal.calls;

import jnr.ffi.annotations.In;

/** What every descriptor needs. Kept small: each method costs start-up time. */
public interface BasicLib {

    /** {@code open(2)}. */
    int open(@In byte[] path, int flags, int mode);

    /** {@code close(2)}. */
    int close(int fd);

    /** {@code read(2)}. */
    long read(int fd, long address, long length);

    /** {@code write(2)}. */
    long write(int fd, long address, long length);

    /** {@code fcntl(2)} with an integer or a pointer as argument. */
    int fcntl(int fd, int command, long argument);
}

package org.jvmipc.posix.internal.calls;

import jnr.ffi.annotations.In;

/** Mapped memory. */
@SuppressWarnings("checkstyle:MethodName") // the names are those of C
public interface MemoryLib {

    /** {@code mmap(2)}; {@code unused} is the seventh parameter that keeps the sixth intact. */
    long mmap(long address, long length, int protection, int flags, int fd, long offset, long unused);

    /** {@code munmap(2)}. */
    int munmap(long address, long length);

    /** {@code madvise(2)}. */
    int madvise(long address, long length, int advice);

    /** {@code memfd_create(2)}. */
    int memfd_create(@In byte[] name, int flags);
}

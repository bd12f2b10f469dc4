package org.jvmipc.posix.internal.calls;

import jnr.ffi.annotations.In;

/** Files and pipes beyond {@link BasicLib}. */
@SuppressWarnings("checkstyle:MethodName") // the names are those of C
public interface FileLib {

    /** {@code statx(2)}: unlike {@code struct stat}, its result has one layout on all processors. */
    int statx(int directory, @In byte[] path, int flags, int mask, long result);

    /** {@code mkfifo(3)}. */
    int mkfifo(@In byte[] path, int mode);

    /** {@code posix_fallocate(3)}: returns the error number itself. */
    int posix_fallocate(int fd, long offset, long length);

    /** {@code fchmod(2)}. */
    int fchmod(int fd, int mode);

    /** {@code ftruncate(2)}. */
    int ftruncate(int fd, long length);

    /** {@code unlink(2)}. */
    int unlink(@In byte[] path);

    /** {@code pipe2(2)}. */
    int pipe2(long pair, int flags);

    /** {@code flock(2)}. */
    int flock(int fd, int operation);

    /** {@code ioctl(2)} with a pointer argument. */
    int ioctl(int fd, long request, long argument);

    /** {@code pread(2)}. */
    long pread(int fd, long address, long length, long offset);

    /** {@code pwrite(2)}. */
    long pwrite(int fd, long address, long length, long offset);

    /** {@code readv(2)}. */
    long readv(int fd, long vectors, int count);

    /** {@code writev(2)}. */
    long writev(int fd, long vectors, int count);
}

package org.jvmipc.posix;

import java.nio.ByteBuffer;

import org.jvmipc.posix.internal.CString;
import org.jvmipc.posix.internal.NativeBuffer;
import org.jvmipc.posix.internal.NativeBufferPool;
import org.jvmipc.posix.internal.calls.BasicLib;
import org.jvmipc.posix.internal.calls.FileLib;

/**
 * System calls on files, pipes and descriptors. Errors are returned as {@code -errno} (see {@link Errno});
 * {@code EINTR} is not retried here. All methods may be called from any thread, but those that may block (on a
 * descriptor without {@link #O_NONBLOCK}) not from a virtual one: it would hold its carrier.
 *
 * <p>Each method throws {@link UnsupportedOperationException} where native calls are not supported or cannot be loaded.
 */
public final class FileCalls {

    /** Open for reading. */
    public static final int O_RDONLY = 0;
    /** Open for writing. */
    public static final int O_WRONLY = 1;
    /** Open for both. */
    public static final int O_RDWR = 2;
    /** Create if missing. */
    public static final int O_CREAT = 0100;
    /** Fail if it exists. */
    public static final int O_EXCL = 0200;
    /** Fail on a symbolic link. */
    public static final int O_NOFOLLOW = NativeLibrary.isArm() ? 0100000 : 0400000;
    /** Fail unless it is a directory. */
    public static final int O_DIRECTORY = NativeLibrary.isArm() ? 040000 : 0200000;
    /** Calls return {@code EAGAIN} instead of blocking. */
    public static final int O_NONBLOCK = 04000;
    /** Close in children. */
    public static final int O_CLOEXEC = 02000000;

    /** {@link #fcntl}: duplicate to the lowest number not below the argument, closed in children. */
    public static final int F_DUPFD_CLOEXEC = 1030;
    /** {@link #fcntl}: set the descriptor flags. */
    public static final int F_SETFD = 2;
    /** {@link #fcntl}: get the status flags. */
    public static final int F_GETFL = 3;
    /** {@link #fcntl}: set the status flags. */
    public static final int F_SETFL = 4;
    /** {@link #fcntl}: set the capacity of a pipe in bytes; returns what the kernel made of it. */
    public static final int F_SETPIPE_SZ = 1031;
    /** {@link #fcntl}: get the capacity of a pipe in bytes. */
    public static final int F_GETPIPE_SZ = 1032;
    /** Descriptor flag for {@link #F_SETFD}: close in children. */
    public static final int FD_CLOEXEC = 1;
    /** {@link #flock}: shared with others. */
    public static final int LOCK_SH = 1;
    /** {@link #flock}: for one alone. */
    public static final int LOCK_EX = 2;
    /** {@link #flock}: give it back. */
    public static final int LOCK_UN = 8;

    private static final long FIONREAD = 0x541B;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int LOCK_NB = 4;
    private static final NativeBufferPool STRUCTS = new NativeBufferPool(4, 256, 256);

    private FileCalls() {
    }

    /**
     * Opens a file, {@code open(2)}.
     *
     * @param path the file
     * @param flags {@code O_} bits
     * @param mode permission bits if it is created, reduced by the umask
     * @return a descriptor or {@code -errno}
     */
    public static int open(String path, int flags, int mode) {
        return NativeLibrary.result(basic().open(CString.of(path), flags, mode));
    }

    /**
     * Closes a descriptor, {@code close(2)}. Whatever the result, the number is free afterwards: never repeat it.
     *
     * @param fd a descriptor
     * @return 0 or {@code -errno}
     */
    public static int close(int fd) {
        return NativeLibrary.result(basic().close(fd));
    }

    /**
     * Reads, {@code read(2)}.
     *
     * @param fd a descriptor
     * @param address where to
     * @param length how many bytes at most
     * @return how many bytes, 0 at the end, or {@code -errno}
     */
    public static long read(int fd, long address, long length) {
        return NativeLibrary.result(basic().read(fd, address, length));
    }

    /**
     * Writes, {@code write(2)}.
     *
     * @param fd a descriptor
     * @param address where from
     * @param length how many bytes
     * @return how many bytes were taken, or {@code -errno}
     */
    public static long write(int fd, long address, long length) {
        return NativeLibrary.result(basic().write(fd, address, length));
    }

    /**
     * Reads at an offset, {@code pread(2)}.
     *
     * @param fd a descriptor
     * @param address where to
     * @param length how many bytes at most
     * @param offset in the file
     * @return how many bytes, 0 at the end, or {@code -errno}
     */
    public static long pread(int fd, long address, long length, long offset) {
        return NativeLibrary.result(files().pread(fd, address, length, offset));
    }

    /**
     * Writes at an offset, {@code pwrite(2)}.
     *
     * @param fd a descriptor
     * @param address where from
     * @param length how many bytes
     * @param offset in the file
     * @return how many bytes were taken, or {@code -errno}
     */
    public static long pwrite(int fd, long address, long length, long offset) {
        return NativeLibrary.result(files().pwrite(fd, address, length, offset));
    }

    /**
     * Writes several pieces as one, {@code writev(2)}.
     *
     * @param fd a descriptor
     * @param vectors the address of {@code count} pairs of (address, length), 8 bytes each
     * @param count how many pairs
     * @return how many bytes were taken, or {@code -errno}
     */
    public static long writev(int fd, long vectors, int count) {
        return NativeLibrary.result(files().writev(fd, vectors, count));
    }

    /**
     * Reads into several pieces, {@code readv(2)}.
     *
     * @param fd a descriptor
     * @param vectors the address of {@code count} pairs of (address, length), 8 bytes each
     * @param count how many pairs
     * @return how many bytes, 0 at the end, or {@code -errno}
     */
    public static long readv(int fd, long vectors, int count) {
        return NativeLibrary.result(files().readv(fd, vectors, count));
    }

    /**
     * Controls a descriptor, {@code fcntl(2)}.
     *
     * @param fd a descriptor
     * @param command an {@code F_} number
     * @param argument a number or an address
     * @return what the command returns, or {@code -errno}
     */
    public static int fcntl(int fd, int command, long argument) {
        return NativeLibrary.result(basic().fcntl(fd, command, argument));
    }

    /**
     * Duplicates a descriptor; the copy is closed in children.
     *
     * @param fd a descriptor
     * @return another number for the same open file, or {@code -errno}
     */
    public static int dup(int fd) {
        return fcntl(fd, F_DUPFD_CLOEXEC, 0);
    }

    /**
     * Makes a FIFO, {@code mkfifo(3)}.
     *
     * @param path where
     * @param mode permission bits, reduced by the umask
     * @return 0 or {@code -errno}
     */
    public static int mkfifo(String path, int mode) {
        return NativeLibrary.result(files().mkfifo(CString.of(path), mode));
    }

    /**
     * Backs a part of a file with space, {@code posix_fallocate(3)}.
     *
     * @param fd a descriptor open for writing
     * @param offset in bytes
     * @param length in bytes, more than 0
     * @return 0 or {@code -errno}
     */
    public static int posixFallocate(int fd, long offset, long length) {
        return -files().posix_fallocate(fd, offset, length);
    }

    /**
     * Sets permission bits whatever the umask, {@code fchmod(2)}.
     *
     * @param fd a descriptor
     * @param mode permission bits
     * @return 0 or {@code -errno}
     */
    public static int fchmod(int fd, int mode) {
        return NativeLibrary.result(files().fchmod(fd, mode));
    }

    /**
     * Sets the length of a file, {@code ftruncate(2)}.
     *
     * @param fd a descriptor open for writing
     * @param length in bytes
     * @return 0 or {@code -errno}
     */
    public static int ftruncate(int fd, long length) {
        return NativeLibrary.result(files().ftruncate(fd, length));
    }

    /**
     * Removes a name, {@code unlink(2)}.
     *
     * @param path a file that is not a directory
     * @return 0 or {@code -errno}
     */
    public static int unlink(String path) {
        return NativeLibrary.result(files().unlink(CString.of(path)));
    }

    /**
     * Takes, changes or gives back a lock on an open file of any kind, {@code flock(2)}, without waiting.
     *
     * @param fd open in any way
     * @param operation {@link #LOCK_SH}, {@link #LOCK_EX} or {@link #LOCK_UN}
     * @return 0, {@code -EAGAIN} if others are in the way, or another {@code -errno}
     */
    public static int flock(int fd, int operation) {
        return NativeLibrary.result(files().flock(fd, operation | LOCK_NB));
    }

    /**
     * Makes an anonymous pipe, {@code pipe2(2)}.
     *
     * @param ends receives the reading end at 0 and the writing end at 1
     * @param flags {@link #O_CLOEXEC}, {@link #O_NONBLOCK}
     * @return 0 or {@code -errno}
     */
    public static int pipe2(int[] ends, int flags) {
        NativeBuffer pair = STRUCTS.take(8);
        try {
            int result = NativeLibrary.result(files().pipe2(pair.address(), flags));
            if (result == 0) {
                ends[0] = pair.buffer().getInt(0);
                ends[1] = pair.buffer().getInt(4);
            }
            return result;
        } finally {
            STRUCTS.give(pair);
        }
    }

    /**
     * Tells how many bytes can be read without blocking, {@code ioctl(FIONREAD)}. For a datagram socket: of the next
     * message.
     *
     * @param fd a pipe, FIFO or socket
     * @return how many bytes, or {@code -errno}
     */
    public static int available(int fd) {
        NativeBuffer count = STRUCTS.take(4);
        try {
            int result = NativeLibrary.result(files().ioctl(fd, FIONREAD, count.address()));
            return result < 0 ? result : count.buffer().getInt(0);
        } finally {
            STRUCTS.give(count);
        }
    }

    /**
     * Describes an open file, {@code statx(2)}.
     *
     * @param fd a descriptor
     * @param result receives the description
     * @return 0 or {@code -errno}
     */
    public static int stat(int fd, FileStatus result) {
        return statx(fd, "", AT_EMPTY_PATH, result);
    }

    /**
     * Describes what stands at a path, without following a symbolic link at its end.
     *
     * @param path a path
     * @param result receives the description
     * @return 0 or {@code -errno}
     */
    public static int lstat(String path, FileStatus result) {
        return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, result);
    }

    private static int statx(int directory, String path, int flags, FileStatus result) {
        NativeBuffer struct = STRUCTS.take(256);
        try {
            byte[] name = CString.of(path);
            int error = NativeLibrary.result(
                    files().statx(directory, name, flags, STATX_BASIC_STATS, struct.address()));
            if (error == 0) {
                ByteBuffer b = struct.buffer();
                result.set(b.getShort(28) & 0xffff, b.getInt(20), b.getInt(16), b.getLong(40), b.getLong(32),
                        (long) b.getInt(136) << 32 | b.getInt(140));
            }
            return error;
        } finally {
            STRUCTS.give(struct);
        }
    }

    private static BasicLib basic() {
        BasicLib lib = Basic.LIB;
        return lib != null ? lib : NativeLibrary.load(BasicLib.class);
    }

    private static FileLib files() {
        FileLib lib = Files.LIB;
        return lib != null ? lib : NativeLibrary.load(FileLib.class);
    }

    private static final class Basic {
        static final BasicLib LIB = NativeLibrary.loadOrNull(BasicLib.class);
    }

    private static final class Files {
        static final FileLib LIB = NativeLibrary.loadOrNull(FileLib.class);
    }
}

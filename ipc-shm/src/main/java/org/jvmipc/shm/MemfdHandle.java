package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.NoSpaceException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.FileStatus;
import org.jvmipc.posix.LockCalls;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;

/** Memory without a name, while it is being created, attached to or left. Its lock is that of its open file. */
final class MemfdHandle implements Backing.Handle {
    private static final long RETRY_NANOS = 500_000;
    private static final int SEALS = MemoryCalls.F_SEAL_SHRINK | MemoryCalls.F_SEAL_GROW | MemoryCalls.F_SEAL_SEAL;

    private final MemfdBacking backing;
    private final int fd;

    /**
     * Takes a descriptor over.
     *
     * @param backing what is handed over to others
     * @param fd a descriptor of this object's own, of another open file
     */
    MemfdHandle(MemfdBacking backing, int fd) {
        this.backing = backing;
        this.fd = fd;
    }

    static Path path(int fd) {
        return Path.of("/proc/self/fd/" + fd);
    }

    @Override
    public void lock(long deadline) {
        int error = LockCalls.tryLock(fd);
        while (error == -Errno.EAGAIN || error == -Errno.EACCES) {
            if (deadline - System.nanoTime() <= 0) {
                throw new IpcTimeoutException(backing.name() + " is being attached to or left by another process, "
                        + "which has not finished in time; if it is stopped, let it go on or end it");
            }
            LockSupport.parkNanos(RETRY_NANOS);
            error = LockCalls.tryLock(fd);
        }
        NativeCallException.check(error, "fcntl", fd + ", F_OFD_SETLK");
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    private FileStatus status() {
        FileStatus status = new FileStatus();
        NativeCallException.check(FileCalls.stat(fd, status), "statx", backing.name());
        return status;
    }

    @Override
    public Object identity() {
        // All such memory is on one device, a mount of the kernel's own.
        return status().inode();
    }

    @Override
    public boolean isBlank() {
        return size() == 0;
    }

    @Override
    public long size() {
        return status().size();
    }

    @Override
    public ByteBuffer read(int bytes) throws IOException {
        ByteBuffer header = ByteBuffer.allocateDirect(bytes);
        try (FileChannel channel = FileChannel.open(path(fd), StandardOpenOption.READ)) {
            while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {
                continue;
            }
        }
        return header.flip().order(ByteOrder.nativeOrder());
    }

    @Override
    public void back(long size, byte[] first) throws IOException {
        SystemMemory.check(backing.name(), size);
        int error;
        do {
            error = FileCalls.posixFallocate(fd, 0, size);
        } while (error == -Errno.EINTR);
        if (error == -Errno.ENOSPC || error == -Errno.ENOMEM || error == -Errno.EFBIG) {
            throw new NoSpaceException(backing.name(), size, SystemMemory.available());
        }
        NativeCallException.check(error, "posix_fallocate", backing.name() + ", 0, " + size);
        try (FileChannel channel = channel()) {
            channel.write(ByteBuffer.wrap(first), 0);
        }
        NativeCallException.check(FileCalls.fcntl(fd, MemoryCalls.F_ADD_SEALS, SEALS), "fcntl",
                backing.name() + ", F_ADD_SEALS, " + SEALS);
    }

    private FileChannel channel() throws IOException {
        return FileChannel.open(path(fd), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public ByteBuffer[] map(Windows windows) throws IOException {
        try (FileChannel channel = channel()) {
            return windows.map(channel);
        }
    }

    /** There is no name; a new one that was not finished is given up. */
    @Override
    public void unlink() {
        backing.release();
    }

    @Override
    public void close() {
        FileCalls.close(fd);
    }
}

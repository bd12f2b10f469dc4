package org.jvmipc.posix;

import java.nio.ByteBuffer;

import org.jvmipc.posix.internal.NativeBuffer;
import org.jvmipc.posix.internal.NativeBufferPool;

/**
 * Locks on whole files that belong to the open file ({@code F_OFD_SETLK}). Unlike those of
 * {@link java.nio.channels.FileLock} they are not lost when some other channel to the file is closed, and the kernel
 * drops them when the last copy of the descriptor is gone, so they tell whether their owner lives. Errors are returned
 * as {@code -errno}; nothing here blocks.
 */
public final class LockCalls {

    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    private static final NativeBufferPool STRUCTS = new NativeBufferPool(4, 64, 64);

    private LockCalls() {
    }

    /**
     * Takes the exclusive lock on a whole file, if nobody has it.
     *
     * @param fd open for writing
     * @return 0, {@code -EAGAIN} or {@code -EACCES} if it is taken, or another {@code -errno}
     */
    public static int tryLock(int fd) {
        return call(fd, F_OFD_SETLK, F_WRLCK);
    }

    /**
     * Takes a shared lock on a whole file, if nobody has the exclusive one. It keeps others from taking the exclusive
     * lock, but {@link #isLocked} does not see it.
     *
     * @param fd open for reading
     * @return 0, {@code -EAGAIN} or {@code -EACCES} if the exclusive lock is taken, or another {@code -errno}
     */
    public static int tryLockShared(int fd) {
        return call(fd, F_OFD_SETLK, F_RDLCK);
    }

    /**
     * Gives the lock back.
     *
     * @param fd the descriptor that holds it, or a copy
     * @return 0 or {@code -errno}
     */
    public static int unlock(int fd) {
        return call(fd, F_OFD_SETLK, F_UNLCK);
    }

    /**
     * Tells whether another open file holds the exclusive lock, in this process or any other.
     *
     * @param fd open in any way
     * @return 1 if it is locked, 0 if not, or {@code -errno}
     */
    public static int isLocked(int fd) {
        return call(fd, F_OFD_GETLK, F_RDLCK);
    }

    private static int call(int fd, int command, short type) {
        NativeBuffer struct = STRUCTS.take(32);
        try {
            ByteBuffer b = struct.buffer();
            b.putLong(0, 0).putLong(8, 0).putLong(16, 0).putLong(24, 0);
            b.putShort(0, type);
            int result = FileCalls.fcntl(fd, command, struct.address());
            return result < 0 || command != F_OFD_GETLK ? result : b.getShort(0) == F_UNLCK ? 0 : 1;
        } finally {
            STRUCTS.give(struct);
        }
    }
}

package org.jvmipc.mq.internal;

import java.util.concurrent.locks.LockSupport;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.FileStatus;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.NativeCallException;

/**
 * One of those who use a thing that the kernel keeps no list of users for: a shared lock ({@code flock}) on an empty
 * file in {@link IpcHome}. The last one who leaves, and finds nobody else by trying for the exclusive lock, removes the
 * file. Who comes at that moment finds that its file has no name any more, and makes another. The kernel drops the
 * locks of the dead.
 */
final class Membership {
    private static final int ATTEMPTS = 1000;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final int OWNER_ONLY = 0600;

    private final String path;
    private final Fd fd;

    private Membership(String path, Fd fd) {
        this.path = path;
        this.fd = fd;
    }

    /**
     * Becomes a member.
     *
     * @param channel the address, for messages
     * @param name of the file
     * @return to be left
     */
    static Membership join(String channel, String name) {
        for (int i = 0; i < ATTEMPTS; i++) {
            String path = IpcHome.open().resolve(name).toString();
            Fd fd = open(path);
            if (fd != null && fd.tryFlock(FileCalls.LOCK_SH) && hasName(fd)) {
                return new Membership(path, fd);
            }
            if (fd != null) {
                fd.close();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        throw new AccessRefusedException(channel + ": another process holds a lock on " + IpcHome.path().resolve(name)
                + " and does not give it back; find it with fuser");
    }

    /** Null if somebody has just removed the directory. */
    private static Fd open(String path) {
        try {
            return Fd.open(path, FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW, OWNER_ONLY);
        } catch (NativeCallException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    private static boolean hasName(Fd fd) {
        FileStatus status = new FileStatus();
        int number = fd.acquire();
        try {
            NativeCallException.check(FileCalls.stat(number, status), "statx", fd.name());
            return status.links() > 0;
        } finally {
            fd.release();
        }
    }

    /**
     * Is a member no longer; idempotent.
     *
     * @param ifLast runs if nobody else is, while nobody can become one
     */
    synchronized void leave(Runnable ifLast) {
        if (!fd.isOpen()) {
            return;
        }
        try {
            if (fd.tryFlock(FileCalls.LOCK_EX) && hasName(fd)) {
                ifLast.run();
                FileCalls.unlink(path);
            }
        } finally {
            fd.close();
        }
        IpcHome.removeIfEmpty();
    }
}

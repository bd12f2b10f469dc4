package org.jvmipc.pipes.internal;

import java.nio.file.Path;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.LockCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.spi.Readiness;

/** Accepts connections through two FIFOs, one after the other; see {@link FifoPairOrigin}. */
final class FifoListener implements Origin {
    private final FifoFile there;
    private final FifoFile back;
    private final boolean removes;
    private final IdleReadiness pending = new IdleReadiness();
    /** The reading end of the way there, while nobody is connected. */
    private Fd listening;
    private final Path lockFile;
    private final Fd lock;
    private boolean closed;

    /**
     * Makes the FIFOs, or takes those that are there.
     *
     * @param channel the address, for messages
     * @param there towards this side
     * @param back from this side
     * @param path the way there; a file beside it is locked
     * @param removes whether closing removes both
     */
    FifoListener(String channel, FifoFile there, FifoFile back, Path path, boolean removes) {
        this.there = there;
        this.back = back;
        this.removes = removes;
        this.lockFile = path.resolveSibling(path.getFileName() + ".lock");
        this.lock = lock(channel, lockFile);
        boolean done = false;
        try {
            back.ensure();
            listening = there.tryOpen(FileCalls.O_RDONLY, 0);
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /** Only one listens; the file goes when it closes, and the lock when it dies. */
    private static Fd lock(String channel, Path file) {
        while (true) {
            Fd fd;
            try {
                fd = Fd.open(file.toString(),
                        FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW, 0600);
            } catch (NativeCallException e) {
                if (e.errno() == Errno.ENOENT) {
                    throw new ChannelNotFoundException(channel + ": there is no directory " + file.getParent()
                            + "; create it first, with mode 0700");
                }
                throw new AccessRefusedException(channel + " is refused: " + e.getMessage());
            }
            if (isLocked(fd) != 0) {
                fd.close();
                throw new ChannelExistsException(channel
                        + ": another process listens there; close it, or use another path");
            }
            if (FileEntry.of(fd).isSameFile(FileEntry.at(file))) {
                return fd;
            }
            fd.close();
        }
    }

    private static int isLocked(Fd fd) {
        int number = fd.acquire();
        try {
            return LockCalls.tryLock(number);
        } finally {
            fd.release();
        }
    }

    @Override
    public synchronized Wire next() {
        if (closed) {
            return null;
        }
        if (listening == null) {
            listening = there.tryOpen(FileCalls.O_RDONLY, 0);
        }
        if (listening == null || !hasConnector()) {
            return null;
        }
        Fd out = back.tryOpen(FileCalls.O_WRONLY, 0);
        if (out == null) {
            return null;
        }
        if (!FifoFile.lock(listening, FifoFile.LOCK_EXCLUSIVE)) {
            out.close();
            return null;
        }
        Fd in = listening;
        listening = null;
        pending.reset();
        return new PipeWire(in, out, Fd::close);
    }

    private boolean hasConnector() {
        int number = listening.acquire();
        if (number == Fd.CLOSED) {
            return false;
        }
        try {
            return LockCalls.isLocked(number) == 1;
        } finally {
            listening.release();
        }
    }

    @Override
    public Readiness pending() {
        return pending;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (removes) {
            there.remove();
            back.remove();
        }
        if (listening != null) {
            listening.close();
        }
        FileCalls.unlink(lockFile.toString());
        lock.close();
    }
}

package org.jvmipc.pipes.internal;

import org.jvmipc.ChannelExistsException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.LockCalls;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;
import org.jvmipc.spi.Role;

/** One direction through a FIFO. A reader is there at once; a writer waits for one. */
final class FifoOrigin implements Origin {
    private final String channel;
    private final FifoFile file;
    private final boolean reads;
    private final boolean onlyWriter;
    private final PauseReadiness pending = new PauseReadiness();
    private boolean everOpened;

    /**
     * Creates it; nothing is touched.
     *
     * @param channel the address, for messages
     * @param file the FIFO
     * @param role sender or receiver
     * @param onlyWriter whether there is to be one writer only
     */
    FifoOrigin(String channel, FifoFile file, Role role, boolean onlyWriter) {
        this.channel = channel;
        this.file = file;
        this.reads = role == Role.RECEIVER;
        this.onlyWriter = onlyWriter;
    }

    @Override
    public Wire next() {
        Fd fd = file.open(reads ? FileCalls.O_RDONLY : FileCalls.O_WRONLY);
        if (fd == null) {
            return null;
        }
        boolean done = false;
        try {
            if (!reads) {
                checkOtherWriters(fd);
            }
            everOpened = true;
            pending.reset();
            Wire wire = reads ? new PipeWire(fd, null, file) : new PipeWire(null, fd, file);
            done = true;
            return wire;
        } finally {
            if (!done) {
                fd.close();
            }
        }
    }

    /** A lock on the whole file tells whether somebody relies on being the only writer. */
    private void checkOtherWriters(Fd fd) {
        int number = fd.acquire();
        try {
            if (onlyWriter && LockCalls.tryLock(number) < 0) {
                throw new ChannelExistsException(channel + ": another process writes with writers=1 already; leave"
                        + " writers=1 out on both sides, which limits messages to 4 KiB");
            }
            if (!onlyWriter && LockCalls.isLocked(number) == 1) {
                throw new IncompatibleChannelException(channel + ": another process relies on writers=1, and this side"
                        + " says writers=many; use another FIFO, or the same value everywhere");
            }
        } finally {
            fd.release();
        }
    }

    @Override
    public Readiness pending() {
        return pending;
    }

    @Override
    public void close() {
        if (!everOpened) {
            file.abandon();
        }
    }
}

package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.Readiness;

/** A pipe or FIFO, or two of them, one for each direction. */
final class PipeWire implements Wire {
    private final Fd in;
    private final Fd out;
    private final Attendant attendant;
    private final FdReadiness readable;
    private final FdReadiness writable;
    private final PollNow poll;
    private volatile boolean everRead;

    /** Looks after the ends of the pipes. */
    interface Attendant {
        /** Whether nobody will ever come to an end that nothing was read from. */
        default boolean isOrphan(Fd end) {
            return false;
        }

        /** Closes an end; may be called more than once. */
        void leave(Fd end);

        /** Sees to it that those who write to an end now cannot write to the next one that is opened, if it can. */
        default void turnAway(Fd end) {
        }
    }

    /**
     * Takes over pipes.
     *
     * @param in the reading end of one, or null
     * @param out the writing end of one, or null
     * @param attendant looks after them
     */
    PipeWire(Fd in, Fd out, Attendant attendant) {
        this.in = in;
        this.out = out;
        this.attendant = attendant;
        this.readable = in == null ? null : new FdReadiness(in, PollCalls.POLLIN);
        this.writable = out == null ? null : new FdReadiness(out, PollCalls.POLLOUT);
        this.poll = in == null ? null : new PollNow();
    }

    @Override
    public int read(ByteBuffer into) {
        while (true) {
            int count = in.read(into);
            if (count > 0) {
                everRead = true;
                return count;
            }
            if (count != Fd.EOF) {
                return count == Fd.CLOSED ? ByteIn.END : 0;
            }
            // No writer: has one been there? The kernel says so by a hang-up, which it forgets when this end is opened.
            int events = events();
            if ((events & PollCalls.POLLIN) == 0) {
                return (events & (PollCalls.POLLHUP | PollCalls.POLLNVAL)) != 0 ? ByteIn.END : 0;
            }
        }
    }

    private int events() {
        int number = in.acquire();
        if (number == Fd.CLOSED) {
            return PollCalls.POLLNVAL;
        }
        try {
            return poll.events(number, in.name(), PollCalls.POLLIN);
        } finally {
            in.release();
        }
    }

    @Override
    public int write(ByteBuffer bytes) {
        try {
            int count = out.write(bytes);
            return count >= 0 ? count : count == Fd.CLOSED ? ByteOut.GONE : 0;
        } catch (NativeCallException e) {
            if (e.errno() == Errno.EPIPE) {
                return ByteOut.GONE;
            }
            throw e;
        }
    }

    @Override
    public boolean idle() {
        return in != null && !everRead && attendant.isOrphan(in) && available(in) == 0;
    }

    @Override
    public Readiness readable() {
        return readable;
    }

    @Override
    public Readiness writable() {
        return writable;
    }

    @Override
    public void endInput() {
        if (in != null) {
            attendant.leave(in);
        }
    }

    @Override
    public void endOutput() {
        if (out != null) {
            attendant.leave(out);
        }
    }

    @Override
    public void makeRoom() {
        int number = out.acquire();
        if (number != Fd.CLOSED) {
            try {
                int capacity = FileCalls.fcntl(number, FileCalls.F_GETPIPE_SZ, 0);
                FileCalls.fcntl(number, FileCalls.F_SETPIPE_SZ, 2 * capacity);
            } finally {
                out.release();
            }
        }
    }

    @Override
    public void drop() {
        if (in != null) {
            attendant.turnAway(in);
        }
        close();
    }

    @Override
    public void close() {
        endInput();
        endOutput();
    }

    @Override
    public long unread() {
        return in == null ? -1 : available(in);
    }

    @Override
    public long unsent() {
        return out == null ? -1 : available(out);
    }

    /** Makes a pipe hold a number of bytes, which the kernel rounds up; closes the end given if it refuses. */
    static void setCapacity(Fd end, int capacity) {
        int number = end.acquire();
        int result;
        try {
            result = FileCalls.fcntl(number, FileCalls.F_SETPIPE_SZ, capacity);
        } finally {
            end.release();
        }
        if (result < 0) {
            end.close();
            throw new NativeCallException("fcntl", end.name() + ", F_SETPIPE_SZ, " + capacity, result);
        }
    }

    /**
     * Sees to it that the end is told if nobody has the other end of a pipe open, also if that one left before this end
     * was opened, or never came. To be called when whoever is to write has opened it.
     */
    static void noticeEnd(Fd in) {
        int number = in.acquire();
        if (number == Fd.CLOSED) {
            return;
        }
        try {
            // The kernel tells the end if a writer has left since.
            Fd.open("/proc/self/fd/" + number, FileCalls.O_WRONLY, 0).close();
        } finally {
            in.release();
        }
    }

    /** How many bytes a pipe holds. */
    static long available(Fd fd) {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return 0;
        }
        try {
            return Math.max(0, FileCalls.available(number));
        } finally {
            fd.release();
        }
    }
}

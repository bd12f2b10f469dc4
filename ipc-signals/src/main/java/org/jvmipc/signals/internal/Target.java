package org.jvmipc.signals.internal;

import java.time.Duration;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.Life;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.posix.ProcessWatch;
import org.jvmipc.posix.SignalCalls;
import org.jvmipc.signals.NoSuchProcessException;
import org.jvmipc.signals.Signal;

/** A process beyond its number: by a descriptor if the kernel has such, else by its start time. */
public final class Target implements AutoCloseable {
    /** Of {@link #queue}: this was closed. Not an error of the kernel. */
    static final int CLOSED = Integer.MIN_VALUE;

    private final long pid;
    /** Null if the kernel has none. */
    private final Fd fd;
    /** Null if there is a descriptor. */
    private final ProcessWatch watch;
    private volatile boolean closed;

    private Target(long pid, Fd fd, ProcessWatch watch) {
        this.pid = pid;
        this.fd = fd;
        this.watch = watch;
    }

    /**
     * Finds a process.
     *
     * @param pid its number
     * @return to be closed
     */
    public static Target of(long pid) {
        int result = SignalCalls.openProcess(Sending.pid(pid));
        switch (-result) {
            case Errno.ENOSYS, Errno.EPERM:
                return byStartTime(pid);
            case Errno.ESRCH, Errno.EINVAL:
                throw missing(pid);
            default:
                NativeCallException.check(result, "pidfd_open", String.valueOf(pid));
                return new Target(pid, Fd.own(result, "process " + pid), null);
        }
    }

    static Target byStartTime(long pid) {
        long startTime = ProcessIdentity.of(pid).orElseThrow(() -> missing(pid)).startTime();
        return new Target(pid, null, new ProcessWatch(pid, startTime));
    }

    private static NoSuchProcessException missing(long pid) {
        return new NoSuchProcessException("there is no process " + pid + "; it has ended, or lives in another PID "
                + "namespace", pid);
    }

    /** The number of the process. */
    public long pid() {
        return pid;
    }

    /** The descriptor, or null. */
    Fd fd() {
        return fd;
    }

    boolean isClosed() {
        return closed;
    }

    /** False once it has ended, also as a zombie. */
    public boolean isAlive() {
        if (fd == null) {
            return !closed && watch.look() != Life.DEAD;
        }
        int number = acquire();
        try {
            return NativeCallException.check(SignalCalls.hasEnded(number), "poll", "process " + pid) == 0;
        } finally {
            fd.release();
        }
    }

    /** Whether it is known to have ended, also as a zombie; false if this was closed. */
    boolean hasEnded() {
        if (fd == null) {
            return watch.look() == Life.DEAD;
        }
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return false;
        }
        try {
            return SignalCalls.hasEnded(number) > 0;
        } finally {
            fd.release();
        }
    }

    private int acquire() {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            throw wasClosed();
        }
        return number;
    }

    /** See {@link org.jvmipc.signals.SignalTarget#send}. */
    public void send(Signal signal) {
        if (fd == null) {
            checkStillThere();
            Sending.kill(pid, signal);
            return;
        }
        int number = acquire();
        try {
            Sending.check(SignalCalls.send(number, signal.number()), "pidfd_send_signal", pid, signal);
        } finally {
            fd.release();
        }
    }

    /** See {@link org.jvmipc.signals.SignalTarget#tryQueue}. */
    public boolean tryQueue(Signal signal, int payload) {
        int result = queue(signal, payload & 0xffff_ffffL);
        if (result == CLOSED) {
            throw wasClosed();
        }
        return Sending.accepted(result, pid, signal);
    }

    /** Sends a signal with a value; tells 0, an error, or {@link #CLOSED}. */
    int queue(Signal signal, long value) {
        if (fd == null) {
            return closed ? CLOSED : watch.look() == Life.DEAD ? -Errno.ESRCH
                    : SignalCalls.queue((int) pid, signal.number(), value);
        }
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return CLOSED;
        }
        try {
            return SignalCalls.queueTo(number, signal.number(), value);
        } finally {
            fd.release();
        }
    }

    private IllegalStateException wasClosed() {
        return new IllegalStateException("the target process " + pid + " was closed");
    }

    private void checkStillThere() {
        if (closed) {
            throw wasClosed();
        }
        if (watch.look() == Life.DEAD) {
            throw missing(pid);
        }
    }

    /** See {@link org.jvmipc.signals.SignalTarget#queue}. */
    public void queue(Signal signal, int payload, Duration timeout) throws InterruptedException {
        Sending.await(() -> tryQueue(signal, payload), timeout, () -> signal + " to process " + pid);
    }

    @Override
    public void close() {
        closed = true;
        if (fd != null) {
            fd.close();
        } else {
            watch.close();
        }
    }
}

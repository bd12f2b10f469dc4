package org.jvmipc.signals.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.posix.SignalCalls;
import org.jvmipc.signals.NoSuchProcessException;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalNotPermittedException;

/** Signals to processes by their numbers, and what the kernel's answers mean. */
public final class Sending {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private Sending() {
    }

    /**
     * Checks a number, as those below 1 mean many processes to the kernel.
     *
     * @param pid what is to be a process
     * @return the number
     */
    public static int pid(long pid) {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(pid + " is no process id; it is at least 1 (for a process group there "
                    + "is Signals.killGroup)");
        }
        return (int) pid;
    }

    /** See {@link org.jvmipc.signals.Signals#kill(long, Signal)}. */
    public static void kill(long pid, Signal signal) {
        check(SignalCalls.kill(pid(pid), signal.number()), "kill", pid, signal);
    }

    /** See {@link org.jvmipc.signals.Signals#killGroup}. */
    public static void killGroup(long group, Signal signal) {
        if (group < 2 || group > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(group + " is no process group to send to; it is at least 2, as 0 is "
                    + "this process's own and 1 would be all processes there are");
        }
        check(SignalCalls.kill((int) -group, signal.number()), "kill", -group, signal);
    }

    /** See {@link org.jvmipc.signals.Signals#exists}. */
    public static boolean exists(long pid) {
        int result = SignalCalls.kill(pid(pid), 0);
        if (result == -Errno.ESRCH) {
            return false;
        }
        return result == -Errno.EPERM || NativeCallException.check(result, "kill", pid + ", 0") == 0;
    }

    /** See {@link org.jvmipc.signals.Signals#tryQueue}. */
    public static boolean tryQueue(long pid, Signal signal, int payload) {
        return accepted(SignalCalls.queue(pid(pid), signal.number(), payload & 0xffff_ffffL), pid, signal);
    }

    /** Whether the kernel has taken a signal with a value. */
    static boolean accepted(int result, long pid, Signal signal) {
        if (result == -Errno.EAGAIN) {
            return false;
        }
        check(result, "sigqueue", pid, signal);
        return true;
    }

    /** Tries again, after pauses that grow, until there is room. */
    static void await(BooleanSupplier attempt, Duration timeout, Supplier<String> what) throws InterruptedException {
        long start = System.nanoTime();
        long limit = timeout.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE : timeout.toNanos();
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (attempt.getAsBoolean()) {
                return;
            }
            long left = limit - (System.nanoTime() - start);
            if (left <= 0) {
                throw new IpcTimeoutException(what.get() + " was not accepted within " + timeout + ": " + fullAdvice());
            }
            LockSupport.parkNanos(Math.min(pause, left));
            pause = Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
        }
    }

    /** See {@link org.jvmipc.signals.Signals#queue}. */
    public static void queue(long pid, Signal signal, int payload, Duration timeout) throws InterruptedException {
        await(() -> tryQueue(pid, signal, payload), timeout, () -> signal + " to process " + pid);
    }

    static String fullAdvice() {
        return "too many signals are waiting to be received by processes of that user; let them receive, or raise the "
                + "receiver's limit (ulimit -i, LimitSIGPENDING= of systemd, docker run --ulimit sigpending=...)";
    }

    static void check(int result, String call, long pid, Signal signal) {
        if (result >= 0) {
            return;
        }
        String whom = pid < 0 ? "process group " + -pid : "process " + pid;
        switch (-result) {
            case Errno.ESRCH -> throw new NoSuchProcessException(signal + " was sent to nobody: there is no " + whom
                    + " (ESRCH); it has ended, or lives in another PID namespace", Math.abs(pid));
            case Errno.EPERM -> throw new SignalNotPermittedException(signal + " to " + whom + " is not permitted to "
                    + "uid " + ProcessIdentity.effectiveUid() + " (EPERM); run as the user of that process",
                    Math.abs(pid));
            default -> throw new NativeCallException(call, pid + ", " + signal, result);
        }
    }
}

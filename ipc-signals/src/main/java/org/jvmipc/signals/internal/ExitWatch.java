package org.jvmipc.signals.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jvmipc.Registration;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.posix.SignalCalls;
import org.jvmipc.signals.Exit;
import org.jvmipc.signals.Signal;

/** Waits for the end of one process by its descriptor. */
public final class ExitWatch {
    /** How often to ask how it ended, and the pause between: its parent takes notice a moment after its end. */
    private static final int LOOKS = 20;
    private static final int PAUSE_MILLIS = 5;
    private static final int BY_SIGNAL = 128;
    private static final int UNTOLD = -1;

    private final Target target;
    private final CompletableFuture<Exit> result = new CompletableFuture<>();
    private final FdReadiness readable;
    private volatile Registration armed;

    private ExitWatch(Target target) {
        this.target = target;
        this.readable = new FdReadiness(target.fd(), PollCalls.POLLIN);
    }

    /** See {@link org.jvmipc.signals.Peers#onExit(long)}. */
    public static CompletableFuture<Exit> of(long pid) {
        Target target = Target.of(pid);
        if (target.fd() == null) {
            target.close();
            throw new UnsupportedOperationException("the kernel has no process descriptors (pidfd_open needs Linux "
                    + "5.3, and a container that allows it); take ProcessHandle.onExit, which looks from time to time");
        }
        ExitWatch watch = new ExitWatch(target);
        watch.result.whenComplete((exit, cancelled) -> watch.end());
        watch.arm();
        return watch.result;
    }

    /** See {@link org.jvmipc.signals.Peers#onExit(Process)}. */
    public static CompletableFuture<Exit> of(Process child) {
        long pid = child.pid();
        Target target = open(child);
        return child.onExit().thenApply(ended -> {
            int status = target == null ? UNTOLD : status(target);
            if (target != null) {
                target.close();
            }
            return status >= 0 ? exit(pid, status) : guess(pid, ended.exitValue());
        });
    }

    /** Null if it has ended already, or the kernel has no descriptors: then the JDK alone knows. */
    private static Target open(Process child) {
        try {
            Target target = Target.of(child.pid());
            if (target.fd() != null && child.isAlive()) {
                return target;
            }
            target.close();
        } catch (RuntimeException gone) {
            return null;
        }
        return null;
    }

    private static Exit guess(long pid, int value) {
        boolean signalled = value > BY_SIGNAL && value <= BY_SIGNAL + Signal.LAST_REAL_TIME;
        return signalled ? new Exit(pid, Exit.Kind.KILLED, value - BY_SIGNAL) : new Exit(pid, Exit.Kind.EXITED, value);
    }

    private static Exit exit(long pid, int status) {
        int signal = status & 0x7F;
        return signal != 0 ? new Exit(pid, Exit.Kind.KILLED, signal)
                : new Exit(pid, Exit.Kind.EXITED, status >> 8 & 0xFF);
    }

    private void arm() {
        armed = readable.arm(() -> look(LOOKS));
        if (result.isDone()) {
            end();
        }
    }

    private void look(int left) {
        if (result.isDone()) {
            return;
        }
        if (target.isAlive()) {
            arm();
            return;
        }
        int status = status(target);
        if (status >= 0) {
            result.complete(exit(target.pid(), status));
        } else if (status == -Errno.EAGAIN && left > 0) {
            later(() -> look(left - 1));
        } else {
            result.complete(new Exit(target.pid(), Exit.Kind.UNKNOWN, UNTOLD));
        }
    }

    private static void later(Runnable task) {
        Executor delayed = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);
        delayed.execute(task);
    }

    /** Negative if it is not known. */
    private static int status(Target target) {
        int number = target.fd().acquire();
        if (number == Fd.CLOSED) {
            return UNTOLD;
        }
        try {
            return SignalCalls.exitStatus(number);
        } finally {
            target.fd().release();
        }
    }

    private void end() {
        Registration present = armed;
        if (present != null) {
            present.close();
        }
        target.close();
    }
}

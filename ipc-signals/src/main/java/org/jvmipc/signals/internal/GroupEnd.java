package org.jvmipc.signals.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jvmipc.signals.NoSuchProcessException;
import org.jvmipc.signals.Shutdown;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalNotPermittedException;
import org.jvmipc.signals.Signals;

/** TERM, a time of grace, KILL. */
public final class GroupEnd {
    /** In seconds; more is for ever. */
    private static final long LONGEST = TimeUnit.DAYS.toSeconds(365);

    private GroupEnd() {
    }

    /** See {@link org.jvmipc.signals.Peers#shutdown}. */
    public static Shutdown of(Collection<ProcessHandle> processes, Duration grace) throws InterruptedException {
        SignalNotPermittedException refused = null;
        for (ProcessHandle process : processes) {
            try {
                send(process, Signal.TERM);
            } catch (SignalNotPermittedException e) {
                refused = e;
            }
        }
        if (refused != null) {
            throw refused;
        }
        List<ProcessHandle> left = List.of();
        try {
            await(processes, grace);
        } finally {
            // Also after an interrupt.
            left = processes.stream().filter(ProcessHandle::isAlive).toList();
            left.forEach(process -> send(process, Signal.KILL));
        }
        await(left, Duration.ofDays(1));
        List<Long> killed = left.stream().map(ProcessHandle::pid).toList();
        List<Long> ended = new ArrayList<>(processes.stream().map(ProcessHandle::pid).toList());
        ended.removeAll(killed);
        return new Shutdown(ended, killed);
    }

    private static void send(ProcessHandle process, Signal signal) {
        try {
            Signals.kill(process, signal);
        } catch (NoSuchProcessException ended) {
            // That is what is wanted.
            return;
        }
    }

    private static void await(Collection<ProcessHandle> processes, Duration time) throws InterruptedException {
        CompletableFuture<?>[] ends = processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        try {
            long nanos = time.toSeconds() < LONGEST ? Math.max(0, time.toNanos()) : Long.MAX_VALUE;
            CompletableFuture.allOf(ends).get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}

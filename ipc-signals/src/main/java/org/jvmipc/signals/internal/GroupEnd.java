package org.jvmipc.signals.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jvmipc.signals.NoSuchProcessException;
import org.jvmipc.signals.Shutdown;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalNotPermittedException;
import org.jvmipc.signals.SignalTarget;

/** TERM, a time of grace, KILL. */
public final class GroupEnd {
    /** In seconds; more is for ever. */
    private static final long LONGEST = TimeUnit.DAYS.toSeconds(365);

    private GroupEnd() {
    }

    /** See {@link org.jvmipc.signals.Peers#shutdown}. */
    public static Shutdown of(Collection<ProcessHandle> processes, Duration grace) throws InterruptedException {
        Objects.requireNonNull(grace, "grace");
        List<Member> members = new ArrayList<>();
        try {
            for (ProcessHandle process : processes) {
                members.add(new Member(process));
            }
            return end(members, grace);
        } finally {
            members.forEach(Member::close);
        }
    }

    private static Shutdown end(List<Member> members, Duration grace) throws InterruptedException {
        SignalNotPermittedException refused = null;
        for (Member member : members) {
            try {
                member.send(Signal.TERM);
            } catch (SignalNotPermittedException e) {
                refused = e;
            }
        }
        if (refused != null) {
            throw refused;
        }
        List<Member> left = List.of();
        try {
            await(members, grace);
        } finally {
            // Also after an interrupt.
            left = members.stream().filter(Member::isAlive).toList();
            left.forEach(member -> member.send(Signal.KILL));
        }
        await(members, Duration.ofDays(1));
        List<Long> killed = left.stream().map(Member::pid).toList();
        List<Long> ended = new ArrayList<>(members.stream().map(Member::pid).toList());
        ended.removeAll(killed);
        return new Shutdown(ended, killed);
    }

    private static void await(List<Member> members, Duration time) throws InterruptedException {
        CompletableFuture<?>[] ends = members.stream().map(Member::end).toArray(CompletableFuture[]::new);
        try {
            long nanos = time.toSeconds() < LONGEST ? Math.max(0, time.toNanos()) : Long.MAX_VALUE;
            CompletableFuture.allOf(ends).get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of the group. The JDK takes a zombie for alive; if it is not its child that may go on for ever. */
    private static final class Member implements AutoCloseable {
        private final long pid;
        /** Null if it has ended already. */
        private final SignalTarget target;
        private final CompletableFuture<?> end;

        Member(ProcessHandle process) {
            pid = process.pid();
            if (process.equals(ProcessHandle.current())) {
                throw new IllegalArgumentException("process " + pid + " is this one, which cannot wait for its own "
                        + "end; take it out of the group, and let it end itself afterwards");
            }
            target = find(process);
            boolean done = false;
            try {
                end = target == null ? CompletableFuture.completedFuture(null) : endOf(process);
                done = true;
            } finally {
                if (!done) {
                    target.close();
                }
            }
        }

        private static SignalTarget find(ProcessHandle process) {
            try {
                return SignalTarget.of(process);
            } catch (NoSuchProcessException ended) {
                return null;
            }
        }

        private CompletableFuture<?> endOf(ProcessHandle process) {
            // Children are reaped by the JDK, which then says so.
            if (process.parent().filter(ProcessHandle.current()::equals).isPresent()) {
                return process.onExit();
            }
            try {
                CompletableFuture<?> watched = ExitWatch.of(pid);
                if (target.isAlive()) {
                    return watched;
                }
                // The number may be another one's already.
                watched.cancel(false);
                return CompletableFuture.completedFuture(null);
            } catch (NoSuchProcessException ended) {
                return CompletableFuture.completedFuture(null);
            } catch (UnsupportedOperationException oldKernel) {
                return process.onExit();
            }
        }

        long pid() {
            return pid;
        }

        CompletableFuture<?> end() {
            return end;
        }

        boolean isAlive() {
            return target != null && target.isAlive();
        }

        void send(Signal signal) {
            try {
                if (target != null) {
                    target.send(signal);
                }
            } catch (NoSuchProcessException ended) {
                // That is what is wanted.
                return;
            }
        }

        /** Does not wait any longer; of a child the JDK does by itself. */
        @Override
        public void close() {
            end.cancel(false);
            if (target != null) {
                target.close();
            }
        }
    }
}

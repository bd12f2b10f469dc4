package org.jvmipc.process.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jvmipc.process.GroupEnd;
import org.jvmipc.process.GroupEvent;
import org.jvmipc.process.GroupEvent.Kind;
import org.jvmipc.process.GroupListener;
import org.jvmipc.process.ProcessStatus;
import org.jvmipc.signals.Exit;
import org.jvmipc.signals.Peers;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.Signals;

/**
 * Runs a group: one thread decides, on which all ends of processes and all requests arrive one after the other. Each
 * process is started again by itself, as by a supervisor of the kind one-for-one.
 */
public final class Supervisor {
    /** Longer than {@link Launcher.Started#OUTPUT_SECONDS}. */
    private static final long REAPED_SECONDS = 15;
    /** A listener that takes longer than this while the JVM exits is waited for no more. */
    private static final long HELD_MILLIS = 500;

    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Wires wires;
    private final Launcher launcher;
    private final Duration grace;
    private final List<GroupListener> listeners;
    private final ScheduledThreadPoolExecutor loop;
    private final CompletableFuture<GroupEnd> end = new CompletableFuture<>();
    private final Thread atExit = new Thread(this::closeAtExit, "ipc-group-exit");
    private volatile Thread thread;
    /** Counts when a listener is called, and when it has returned; so it is odd while one takes as long as it likes. */
    private volatile long calls;
    private boolean ending;

    /** A supervisor of nobody yet; it owns the wires. */
    Supervisor(Collection<Member> processes, Wires wires, Launcher launcher, Duration grace,
            List<GroupListener> listeners) {
        processes.forEach(member -> members.put(member.name, member));
        this.wires = wires;
        this.launcher = launcher;
        this.grace = grace;
        this.listeners = listeners;
        this.loop = new ScheduledThreadPoolExecutor(1, body -> {
            thread = new Thread(body, "ipc-group");
            thread.setDaemon(true);
            return thread;
        });
        // Nothing is left to be done at a later time when the group has ended.
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Starts all. */
    void start() {
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            wires.close();
            throw exiting;
        }
        loop.execute(guarded(() -> members.values().forEach(this::start)));
    }

    /** What goes wrong here ends the group: nobody would notice otherwise that a process is not looked after. */
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error broken) {
                fail("the group cannot be looked after: " + broken);
            }
        };
    }

    private void start(Member member) {
        if (ending || member.stopping) {
            return;
        }
        Launcher.Started started = null;
        try {
            started = launcher.start(member.name, member.program, member.nextStart(), member.wiring);
            Process process = started.process();
            Launcher.Started which = started;
            member.started(started, Peers.onExit(process)
                    .thenCompose(exit -> which.output().thenApply(copied -> exit)));
            int starts = member.status().starts();
            tell(Kind.STARTED, member, process.pid(), starts == 1 ? "" : "start " + starts);
            member.exit.thenAcceptAsync(exit -> guarded(() -> exited(member, which, exit)).run(), loop);
        } catch (IOException | RuntimeException failed) {
            if (started != null && member.running == null) {
                started.process().destroyForcibly();
            }
            fail("process " + member.name + " cannot be started: " + failed.getMessage());
        }
    }

    private void exited(Member member, Launcher.Started which, Exit exit) {
        if (member.running != which) {
            return;
        }
        long ran = record(member, exit);
        boolean failed = exit.kind() != Exit.Kind.EXITED || exit.code() != 0;
        if (member.stopping || !failed && hasNothingLeft(member)) {
            done(member);
            return;
        }
        RestartState.Decision decision = member.restarts.ended(failed, ran, System.nanoTime());
        switch (decision.next()) {
            case DONE -> done(member);
            case RESTART -> {
                tell(Kind.RESTARTING, member, 0, "in " + decision.pause().toMillis() + " ms");
                loop.schedule(guarded(() -> start(member)), decision.pause().toNanos(), TimeUnit.NANOSECONDS);
            }
            case FAIL -> {
                member.done();
                fail("process " + member.name + " " + how(exit) + ", " + decision.reason());
            }
            default -> throw new IllegalStateException(decision.toString());
        }
    }

    private long record(Member member, Exit exit) {
        long ran = member.exited(exit);
        tell(Kind.EXITED, member, exit.pid(), how(exit));
        return ran;
    }

    private static String how(Exit exit) {
        return exit.toString().replaceFirst("^process \\d+ ", "");
    }

    private void done(Member member) {
        member.done();
        tell(Kind.DONE, member, 0, "");
        if (members.values().stream().allMatch(Member::isDone)) {
            finish(Optional.empty());
            return;
        }
        for (Wire wire : wires.all()) {
            if (wire.senders().contains(member.name) && areDone(wire.senders())) {
                wires.isOver(wire);
            } else if (wire.receivers().contains(member.name) && areDone(wire.receivers())) {
                // As with a pipe of the shell. They may just be about to end by themselves.
                loop.schedule(guarded(() -> stop(wire.senders(), "nobody is left who receives from it")),
                        grace.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
    }

    /** Whether it receives, and all it receives from is over: also with restart=always it is done then. */
    private boolean hasNothingLeft(Member member) {
        List<Wire> inputs = wires.all().stream().filter(wire -> wire.receivers().contains(member.name)).toList();
        return !inputs.isEmpty() && inputs.stream().allMatch(wire -> areDone(wire.senders()));
    }

    private boolean areDone(List<String> names) {
        return names.stream().allMatch(name -> members.get(name).isDone());
    }

    /** Tells processes to end, which is no failure then. */
    private void stop(Collection<String> names, String why) {
        if (ending) {
            return;
        }
        for (String name : names) {
            Member member = members.get(name);
            if (member.isDone() || member.stopping) {
                continue;
            }
            member.stopping = true;
            if (member.running == null) {
                done(member);
            } else {
                Process process = member.running.process();
                tell(Kind.STOPPING, member, process.pid(), why);
                signal(process, Signal.TERM);
                loop.schedule(() -> signal(process, Signal.KILL), grace.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
    }

    private static void signal(Process process, Signal signal) {
        if (process.isAlive()) {
            try {
                Signals.kill(process.toHandle(), signal);
            } catch (RuntimeException endedOrChanged) {
                // It has ended, or got another user's rights: then the end of the group finds it.
                return;
            }
        }
    }

    private void fail(String why) {
        if (!ending) {
            publish(new GroupEvent(Kind.FAILED, "", 0, why));
            endAll(Optional.of(why));
        }
    }

    private void endAll(Optional<String> failure) {
        if (ending) {
            return;
        }
        ending = true;
        List<Member> left = new ArrayList<>(members.values().stream().filter(m -> m.running != null).toList());
        try {
            Peers.shutdown(left.stream().map(m -> m.running.process().toHandle()).toList(), grace);
            for (Member member : left) {
                record(member, member.exit.get(REAPED_SECONDS, TimeUnit.SECONDS));
            }
        } catch (Exception failed) {
            left.stream().filter(m -> m.running != null).forEach(m -> m.running.process().destroyForcibly());
            finish(Optional.of(failure.map(why -> why + "; then ").orElse("") + "the processes could not be ended: "
                    + failed));
            return;
        }
        finish(failure);
    }

    private void finish(Optional<String> failure) {
        ending = true;
        Map<String, Exit> exits = new LinkedHashMap<>();
        for (Member member : members.values()) {
            member.done();
            member.status().lastExit().ifPresent(exit -> exits.put(member.name, exit));
        }
        try {
            wires.close();
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException exiting) {
                // It is what ends the group.
            }
            loop.shutdown();
            end.complete(new GroupEnd(exits, failure));
        }
    }

    private void tell(Kind kind, Member member, long pid, String detail) {
        publish(new GroupEvent(kind, member.name, pid, detail));
    }

    private void publish(GroupEvent event) {
        for (GroupListener listener : listeners) {
            calls = calls + 1;
            try {
                listener.onEvent(event);
            } catch (RuntimeException | Error thrown) {
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
            } finally {
                calls = calls + 1;
            }
        }
    }

    /** Ends the processes that receive from nobody; the others get the ends of their channels. */
    public void drain() {
        List<String> sources = members.keySet().stream()
                .filter(name -> wires.all().stream().noneMatch(wire -> wire.receivers().contains(name))).toList();
        execute(() -> stop(sources, "the group is to end"));
    }

    /** Ends all, and waits until they are gone; on the supervisor's own thread it only begins. */
    public void close() {
        execute(() -> endAll(Optional.empty()));
        if (Thread.currentThread() != thread) {
            end.join();
        }
    }

    /** The JVM exits: perhaps by a listener, which does not return then, and so neither does the group's thread. */
    private void closeAtExit() {
        execute(() -> endAll(Optional.empty()));
        try {
            while (!end.isDone()) {
                long before = calls;
                try {
                    end.get(HELD_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException notYet) {
                    // The same call as before, not another one of the same event.
                    if (before % 2 == 1 && before == calls) {
                        endWithoutLoop();
                        return;
                    }
                }
            }
        } catch (InterruptedException | ExecutionException gaveUp) {
            endWithoutLoop();
        }
    }

    private void endWithoutLoop() {
        List<Launcher.Started> left = members.values().stream().map(member -> member.running)
                .filter(Objects::nonNull).toList();
        try {
            Peers.shutdown(left.stream().map(running -> running.process().toHandle()).toList(), grace);
            left.forEach(running -> running.output().join());
        } catch (InterruptedException gaveUp) {
            Thread.currentThread().interrupt();
        } finally {
            wires.close();
        }
    }

    private void execute(Runnable task) {
        try {
            loop.execute(guarded(task));
        } catch (RejectedExecutionException ended) {
            return;
        }
    }

    /** Completes when the group has ended; dependent stages run on its thread. */
    public CompletableFuture<GroupEnd> end() {
        return end;
    }

    /** All processes, in order. */
    public List<ProcessStatus> status() {
        return members.values().stream().map(Member::status).toList();
    }
}

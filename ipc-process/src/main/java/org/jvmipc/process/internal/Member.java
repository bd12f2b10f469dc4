package org.jvmipc.process.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jvmipc.process.ProcessStatus;
import org.jvmipc.process.Program;
import org.jvmipc.signals.Exit;

/** One process of a group, over all its starts. For the supervisor's thread, but for its status. */
final class Member {
    final String name;
    final Program program;
    final Map<String, String> wiring = new LinkedHashMap<>();
    final RestartState restarts;
    volatile Launcher.Started running;
    CompletableFuture<Exit> exit;
    /** It was told to end, so that its end is no failure. */
    boolean stopping;
    private int starts;
    private long startedAt;
    private volatile ProcessStatus status;

    Member(String name, Program program) {
        this.name = name;
        this.program = program;
        this.restarts = new RestartState(program.restart());
        this.status = new ProcessStatus(name, ProcessStatus.State.WAITING, 0, 0, Optional.empty());
    }

    int nextStart() {
        return starts + 1;
    }

    void started(Launcher.Started process, CompletableFuture<Exit> future) {
        starts++;
        startedAt = System.nanoTime();
        running = process;
        exit = future;
        status = new ProcessStatus(name, ProcessStatus.State.RUNNING, process.process().pid(), starts,
                status.lastExit());
    }

    /** It has ended; returns how long it has run. */
    long exited(Exit how) {
        running = null;
        status = new ProcessStatus(name, ProcessStatus.State.WAITING, 0, starts, Optional.of(how));
        return System.nanoTime() - startedAt;
    }

    /** It will not be started again. */
    void done() {
        status = new ProcessStatus(name, ProcessStatus.State.ENDED, 0, starts, status.lastExit());
    }

    boolean isDone() {
        return status.state() == ProcessStatus.State.ENDED;
    }

    ProcessStatus status() {
        return status;
    }
}

package org.jvmipc.signals.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jvmipc.signals.Signal;

/** Starts children that get a signal when this process ends. */
public final class BoundChildren {
    /** What the kernel binds them to: this thread never ends before the process. */
    private static final ExecutorService SPAWNER = Executors.newSingleThreadExecutor(body -> {
        Thread thread = new Thread(null, body, "ipc-spawner", 0, false);
        thread.setDaemon(true);
        return thread;
    });
    /** Ends at once if the parent was gone before it was bound. */
    private static final String CHECK = "[ \"$PPID\" = \"$0\" ] || exit 143; exec \"$@\"";

    private BoundChildren() {
    }

    /** See {@link org.jvmipc.signals.Peers#startBound}. */
    public static Process start(ProcessBuilder builder, Signal signal) throws IOException {
        if (builder.command().isEmpty()) {
            throw new IllegalArgumentException("the builder has no command; give it a program to start");
        }
        List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", signal.name(), "--", "sh", "-c", CHECK,
                String.valueOf(ProcessHandle.current().pid())));
        command.addAll(builder.command());
        ProcessBuilder bound = new ProcessBuilder(command).directory(builder.directory())
                .redirectInput(builder.redirectInput()).redirectOutput(builder.redirectOutput())
                .redirectError(builder.redirectError()).redirectErrorStream(builder.redirectErrorStream());
        bound.environment().clear();
        bound.environment().putAll(builder.environment());
        Future<Process> started = SPAWNER.submit(bound::start);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return started.get();
                } catch (InterruptedException e) {
                    // A child that nobody knows would be worse.
                    interrupted = true;
                }
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException wrong) {
                throw wrong;
            }
            throw new IOException("cannot start " + command + ": " + failed.getCause().getMessage()
                    + "; this needs setpriv of util-linux 2.33 or newer, and a directory that exists",
                    failed.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

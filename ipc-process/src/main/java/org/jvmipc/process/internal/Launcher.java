package org.jvmipc.process.internal;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jvmipc.process.Program;

/** Starts processes, and copies what they print. */
final class Launcher {
    /** For output that is on its way when a process has ended; longer only if its own children hold the pipe open. */
    private static final long OUTPUT_MILLIS = 1000;

    private final CommandLine commands;
    private final PrintStream out;
    private final PrintStream err;

    /** A process that was started, and those who copy its output. */
    record Started(Process process, List<Thread> copies) {
        /** Waits until what it printed is copied; after its end. */
        void awaitOutput() {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OUTPUT_MILLIS);
            for (Thread copy : copies) {
                try {
                    copy.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
                } catch (InterruptedException hurry) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    Launcher(List<String> jvmArgs, PrintStream out, PrintStream err) {
        this.commands = new CommandLine(jvmArgs);
        this.out = out;
        this.err = err;
    }

    /** Starts a program. */
    Started start(String name, Program program, int start, Map<String, String> wiring) throws IOException {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(Handover.NAME, name);
        properties.put(Handover.START, String.valueOf(start));
        properties.put(Handover.PARENT, String.valueOf(ProcessHandle.current().pid()));
        properties.putAll(wiring);
        ProcessBuilder builder = new ProcessBuilder(commands.of(program, properties));
        builder.redirectInput(program.inheritsInput()
                ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.from(new File("/dev/null")));
        // Would add to the class path given, or stand in for it.
        builder.environment().remove("CLASSPATH");
        builder.environment().putAll(program.environment());
        Process process = builder.start();
        return new Started(process, List.of(
                new Output(name, out).follow(process.getInputStream(), process, "ipc-output-" + name),
                new Output(name, err).follow(process.getErrorStream(), process, "ipc-errors-" + name)));
    }
}

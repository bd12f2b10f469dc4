package org.jvmipc.process.internal;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jvmipc.process.Program;

/** Starts processes, and copies what they print. */
final class Launcher {
    private final CommandLine commands;
    private final PrintStream out;
    private final PrintStream err;

    /** A process that was started, and when all that it printed is copied. */
    record Started(Process process, CompletableFuture<Void> copied) {
        /** So long its end waits for its output, which comes later than that only if its own children hold it open. */
        static final long OUTPUT_SECONDS = 5;

        /** After its end: completes when its output is copied, or has had its time. */
        CompletableFuture<Void> output() {
            return copied.copy().completeOnTimeout(null, OUTPUT_SECONDS, TimeUnit.SECONDS);
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
        return new Started(process, CompletableFuture.allOf(
                new Output(name, out).follow(process.getInputStream(), "ipc-output-" + name),
                new Output(name, err).follow(process.getErrorStream(), "ipc-errors-" + name)));
    }
}

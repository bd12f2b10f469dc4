package org.jvmipc.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A started program and its output; stopped when closed. */
final class Program implements AutoCloseable {
    private static final long POLITE_SECONDS = 3;

    private final List<String> command;
    private final Process process;
    private final LinkedBlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    private final StringBuffer errors = new StringBuffer();
    private final Thread reader;

    private Program(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        follow(process.getInputStream(), line -> lines.add(Optional.of(line)), () -> lines.add(Optional.empty()));
        reader = follow(process.getErrorStream(), line -> errors.append(line).append('\n'), () -> { });
    }

    static Program start(List<String> command) {
        try {
            return new Program(command, new ProcessBuilder(command).start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Thread follow(InputStream stream, Consumer<String> line, Runnable end) {
        Thread thread = new Thread(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String next = reader.readLine(); next != null; next = reader.readLine()) {
                    line.accept(next);
                }
            } catch (IOException closed) {
                // The program was killed; what it had printed is there.
            } finally {
                end.run();
            }
        }, "output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** The next line of its output. */
    String line(long millis) throws InterruptedException {
        Optional<String> line = lines.poll(millis, TimeUnit.MILLISECONDS);
        if (line == null) {
            throw failure("printed nothing for " + millis + " ms");
        }
        if (line.isEmpty()) {
            throw failure("ended without a result");
        }
        return line.get();
    }

    /** Ends its standard input: a child that waits for that goes on. */
    void release() {
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // It has ended already.
        }
    }

    /** Waits for its good end. */
    void finish(long millis) throws InterruptedException {
        if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            throw failure("did not end within " + millis + " ms");
        }
        if (process.exitValue() != 0) {
            throw failure("failed");
        }
    }

    private IllegalStateException failure(String what) throws InterruptedException {
        String state = process.isAlive() ? "running" : "exit code " + process.exitValue();
        stop(process.toHandle());
        reader.join(TimeUnit.SECONDS.toMillis(2));
        return new IllegalStateException(String.join(" ", command) + " (" + state + ") " + what + "\n" + errors);
    }

    /** The line of what a program printed on its way out that tells why: of an exception its message. */
    static String cause(IllegalStateException failure) {
        String[] lines = failure.getMessage().split("\n");
        for (String line : lines) {
            if (line.startsWith("Exception in thread") || line.startsWith("Caused by:") || line.startsWith("Error")) {
                return line.replaceFirst("^Exception in thread \"[^\"]*\" |^Caused by: ", "");
            }
        }
        return lines[lines.length - 1];
    }

    /** Stops a program: politely at first, so that it leaves its channels and takes away its files. */
    static void stop(ProcessHandle program) {
        if (!program.isAlive()) {
            return;
        }
        program.destroy();
        try {
            program.onExit().get(POLITE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            program.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException stubborn) {
            program.destroyForcibly();
        }
    }

    /** Stops it if it still runs: a busy core must not reach into the next run. */
    @Override
    public void close() {
        stop(process.toHandle());
    }
}

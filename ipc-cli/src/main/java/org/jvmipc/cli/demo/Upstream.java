package org.jvmipc.cli.demo;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A child's line to the process that started it: lines come on the standard input and go to the standard output. When
 * the input ends, that process has gone; then the child ends at once.
 */
final class Upstream implements AutoCloseable {
    /** What a shell reports for a program that SIGHUP ended. */
    private static final int ORPHANED = 129;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final Runnable ifOrphaned;
    private final Thread reader;
    private final AtomicReference<State> state = new AtomicReference<>(State.LISTENING);

    private enum State {
        LISTENING, CLOSED, ORPHANED
    }

    /**
     * Begins to listen.
     *
     * @param ifOrphaned what to do before this process is ended
     */
    Upstream(Runnable ifOrphaned) {
        this.ifOrphaned = ifOrphaned;
        reader = new Thread(this::read, "upstream");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        FileChannel input = new FileInputStream(FileDescriptor.in).getChannel();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(Channels.newInputStream(input), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (ClosedByInterruptException e) {
            return;
        } catch (IOException e) {
            e.printStackTrace();
        }
        if (!decide(State.ORPHANED)) {
            return;
        }
        try {
            ifOrphaned.run();
        } finally {
            Runtime.getRuntime().halt(ORPHANED);
        }
    }

    /** Whether it is to end in this way, and not in the other. */
    private boolean decide(State end) {
        return state.compareAndSet(State.LISTENING, end);
    }

    /** Waits for the next line. */
    String next(Duration timeout) throws InterruptedException {
        String line = lines.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (line == null) {
            throw new IllegalStateException("no word came from the parent process for " + timeout.toSeconds() + " s");
        }
        return line;
    }

    /** Writes one line, at once and in one piece, as two processes share the output. */
    void tell(String line) {
        byte[] bytes = (line + '\n').getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            try {
                out.write(bytes);
            } catch (IOException gone) {
                // Nobody listens any more: the end of the input, which says so too, ends this process.
                return;
            }
        }
    }

    /**
     * Stops listening: a JVM that ends waits a third of a second for a thread that is in a system call. If the process
     * was left alone it does not return: cleaning up breaks the channels of the other threads, and is to be finished.
     */
    @Override
    public void close() {
        if (decide(State.CLOSED)) {
            reader.interrupt();
            return;
        }
        while (state.get() == State.ORPHANED) {
            LockSupport.park(this);
        }
    }
}

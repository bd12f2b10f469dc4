package org.jvmipc.containers;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The conversation with one JVM in a container: lines to its standard input, lines of its standard output. What does
 * not come in time is an {@link AssertionError} that holds all that it has written.
 */
final class Lines extends ResultCallback.Adapter<Frame> {

    /** Long enough for a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final LineInput input = new LineInput();
    private final StringBuilder partial = new StringBuilder();
    private final StringBuilder all = new StringBuilder();
    private final Queue<String> fresh = new ArrayDeque<>();
    private boolean ended;

    /**
     * Begins one.
     *
     * @param name of the JVM, for messages
     */
    Lines(String name) {
        this.name = name;
    }

    LineInput input() {
        return input;
    }

    @Override
    public synchronized void onNext(Frame frame) {
        String text = new String(frame.getPayload(), StandardCharsets.UTF_8);
        all.append(text);
        if (frame.getStreamType() != StreamType.STDERR) {
            partial.append(text);
            for (int end = partial.indexOf("\n"); end >= 0; end = partial.indexOf("\n")) {
                fresh.add(partial.substring(0, end));
                partial.delete(0, end + 1);
            }
        }
        notifyAll();
    }

    @Override
    public void onComplete() {
        end();
        super.onComplete();
    }

    @Override
    public void onError(Throwable problem) {
        synchronized (this) {
            all.append(problem).append('\n');
        }
        end();
        super.onError(problem);
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    void send(String line) {
        input.add(line);
    }

    /** Takes lines until one begins so. */
    synchronized String expect(String prefix, Duration timeout, Supplier<String> state) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            while (!fresh.isEmpty()) {
                String line = fresh.remove();
                if (line.startsWith(prefix)) {
                    return line;
                }
            }
            long left = deadline - System.nanoTime();
            if (ended || left <= 0) {
                throw new AssertionError(name + ": expected a line that begins with \"" + prefix + "\", "
                        + (ended ? "but the output has ended" : "but none came within " + timeout) + "; "
                        + state.get() + "\n" + all);
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(name + ": interrupted while \"" + prefix + "\" was expected\n" + all, e);
            }
        }
    }

    /** All that it has written, when it has ended. */
    String whole() {
        try {
            if (!awaitCompletion(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(name + ": the output does not end\n" + text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(name + ": interrupted while the end of the output was awaited\n" + text(), e);
        }
        return text();
    }

    synchronized String text() {
        return all.toString();
    }
}

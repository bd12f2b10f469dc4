package org.jvmipc.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One output stream of a child, read by a daemon thread so that the child never blocks on a full pipe. Keeps the last
 * {@value #LIMIT} characters, and a mark between the lines that were taken by {@link #next} and those that were not.
 */
final class OutputLog {

    static final int LIMIT = 1 << 20;

    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int SETTLE_LOOKS = 10;

    private final Process process;
    private final ArrayDeque<String> taken = new ArrayDeque<>();
    private final ArrayDeque<String> fresh = new ArrayDeque<>();
    private final StringBuilder partial = new StringBuilder();
    private int kept;
    private boolean dropped;
    private boolean ended;

    OutputLog(Process process) {
        this.process = process;
    }

    void follow(InputStream in, String threadName) {
        Thread thread = new Thread(() -> read(in), threadName);
        thread.setDaemon(true);
        thread.start();
    }

    private void read(InputStream in) {
        drain(in);
        // When the process exits, the JDK takes what is still in the pipe and puts it aside in the same stream object,
        // at the same time as a reader here may see the end of the pipe. So the end counts only after that.
        boolean reaped = false;
        while (!reaped) {
            try {
                process.waitFor();
                reaped = true;
            } catch (InterruptedException e) {
                // nobody interrupts this thread on purpose, and the process ends sooner or later
            }
        }
        for (int i = 0; i < SETTLE_LOOKS; i++) {
            LockSupport.parkNanos(SETTLE_NANOS);
            drain(in);
        }
        end();
    }

    private void drain(InputStream in) {
        // A reader remembers that it has seen the end, so every attempt has one of its own.
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
        char[] chars = new char[8192];
        try {
            for (int n = reader.read(chars); n >= 0; n = reader.read(chars)) {
                add(chars, n);
            }
        } catch (IOException e) {
            // "Stream closed": by the JDK when the process exits, or by close()
        }
    }

    private synchronized void add(char[] chars, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (chars[i] == '\n') {
                partial.append(chars, start, i - start);
                start = i + 1;
                endLine();
            }
        }
        partial.append(chars, start, length - start);
        if (partial.length() > LIMIT) {
            partial.delete(0, partial.length() - LIMIT);
            dropped = true;
        }
        notifyAll();
    }

    private void endLine() {
        fresh.add(partial.toString());
        kept += partial.length() + 1;
        partial.setLength(0);
        while (kept > LIMIT) {
            kept -= (taken.isEmpty() ? fresh : taken).remove().length() + 1;
            dropped = true;
        }
    }

    private synchronized void end() {
        if (partial.length() > 0) {
            endLine();
        }
        ended = true;
        notifyAll();
    }

    /**
     * Takes the next line.
     *
     * @return the line, or null at the end of the output or after the timeout
     */
    synchronized String next(long timeoutNanos) throws InterruptedException {
        long start = System.nanoTime();
        while (fresh.isEmpty() && !ended) {
            long left = timeoutNanos - (System.nanoTime() - start);
            if (left <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        String line = fresh.poll();
        if (line != null) {
            taken.add(line);
        }
        return line;
    }

    /** Waits for the end of the output; it may be long in coming if a child of the child keeps the pipe open. */
    synchronized boolean awaitEnd(long timeoutNanos) throws InterruptedException {
        long start = System.nanoTime();
        while (!ended) {
            long left = timeoutNanos - (System.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    synchronized boolean hasEnded() {
        return ended && fresh.isEmpty();
    }

    /** All that is kept, lines and the unfinished line at the end. */
    synchronized String text() {
        StringBuilder text = new StringBuilder();
        if (dropped) {
            text.append("[earlier output dropped]\n");
        }
        taken.forEach(line -> text.append(line).append('\n'));
        fresh.forEach(line -> text.append(line).append('\n'));
        return text.append(partial).toString();
    }
}

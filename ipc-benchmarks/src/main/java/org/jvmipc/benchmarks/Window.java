package org.jvmipc.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The part of a run that is measured: begins after the warm-up, ends after a time or a number of messages. Tells the
 * messages in it, the thread's share of its CPU, and what the thread allocated on the heap. For one thread.
 */
final class Window {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long warmupNanos;
    private final long nanos;
    private final long mostMessages;
    private boolean started;
    private boolean begun;
    private boolean over;
    private long first;
    private long begin;
    private long end;
    private long before;
    private long after;
    private long allocatedBefore;
    private long allocatedAfter;
    private CpuShare share;
    private String busy = "";

    Window(Job job) {
        warmupNanos = TimeUnit.MILLISECONDS.toNanos(job.number(Job.WARMUP));
        nanos = TimeUnit.MILLISECONDS.toNanos(job.number(Job.MILLIS));
        // Looked at in strides.
        mostMessages = Long.parseLong(job.get(Job.MESSAGES)) & -job.number(Job.STRIDE);
    }

    /** Looks at the clock; tells whether it is over. */
    boolean look(long messages) {
        long now = System.nanoTime();
        if (!started) {
            first = now;
            started = true;
        } else if (!begun && (now - first >= warmupNanos || messages >= mostMessages / 2)) {
            begun = true;
            share = CpuShare.begin();
            before = messages;
            allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
            begin = System.nanoTime();
        } else if (begun && !over && (now - begin >= nanos || messages >= mostMessages)) {
            finish(messages);
        }
        return over;
    }

    /** Ends it now if it has not ended. */
    void finish(long messages) {
        if (begun && !over) {
            end = System.nanoTime();
            allocatedAfter = THREADS.getCurrentThreadAllocatedBytes();
            after = messages;
            busy = share.end();
            over = true;
        }
    }

    /** Whether anything was measured: a producer that started late may have been released before. */
    boolean isMeasured() {
        return over && after != before;
    }

    /** The numbers. */
    @Override
    public String toString() {
        if (!isMeasured()) {
            throw new IllegalStateException("too few messages came to measure anything");
        }
        return String.format(Locale.ROOT, "messages=%d nanos=%d allocated=%.4f %s", after - before, end - begin,
                (double) (allocatedAfter - allocatedBefore) / (after - before), busy);
    }
}

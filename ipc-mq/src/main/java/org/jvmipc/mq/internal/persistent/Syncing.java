package org.jvmipc.mq.internal.persistent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jvmipc.spi.OptionValues;

/**
 * When what was sent is written to the disk: never by this process, before each send returns, or some time after. Made
 * for one sender; the methods may be called by any thread.
 */
final class Syncing {
    private final RollFiles files;
    private final boolean each;
    private final Executor later;
    private int cycle = -1;
    private boolean scheduled;
    private boolean closed;

    Syncing(RollFiles files, OptionValues values) {
        this.files = files;
        this.each = values.text("sync").equals("each");
        // On a thread that the JDK shares for delays.
        this.later = values.text("sync").equals("interval")
                ? CompletableFuture.delayedExecutor(values.duration("syncInterval").toNanos(), TimeUnit.NANOSECONDS)
                : null;
    }

    /** Something was written to the file of a cycle. */
    void written(int to) {
        if (each) {
            synchronized (this) {
                cycle = to;
                files.sync(to);
            }
        } else if (later != null) {
            schedule(to);
        }
    }

    private synchronized void schedule(int to) {
        if (scheduled && to != cycle) {
            files.sync(cycle);
        }
        cycle = to;
        if (!scheduled) {
            scheduled = true;
            later.execute(this::run);
        }
    }

    private synchronized void run() {
        scheduled = false;
        if (!closed) {
            files.sync(cycle);
        }
    }

    synchronized void close() {
        if (scheduled && !closed) {
            files.sync(cycle);
        }
        closed = true;
    }
}

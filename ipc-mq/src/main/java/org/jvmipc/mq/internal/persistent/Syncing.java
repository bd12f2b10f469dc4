package org.jvmipc.mq.internal.persistent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jvmipc.mq.NotSyncedException;
import org.jvmipc.spi.OptionValues;

/**
 * When what was sent is written to the disk: never by this process, before each send returns, or some time after. Made
 * for one sender; the methods may be called by any thread.
 */
final class Syncing {
    private final String channel;
    private final IntConsumer disk;
    private final boolean each;
    private final Executor later;
    private int cycle = -1;
    private boolean scheduled;
    private boolean closed;

    /**
     * Creates it.
     *
     * @param channel the address, for messages
     * @param disk writes the file of a cycle to the disk, or throws
     * @param values the options
     */
    Syncing(String channel, IntConsumer disk, OptionValues values) {
        this.channel = channel;
        this.disk = disk;
        this.each = values.text("sync").equals("each");
        // On a thread that the JDK shares for delays.
        this.later = values.text("sync").equals("interval")
                ? CompletableFuture.delayedExecutor(values.duration("syncInterval").toNanos(), TimeUnit.NANOSECONDS)
                : null;
    }

    /**
     * Something was written to the file of a cycle.
     *
     * @param to the cycle
     * @param number of the last message
     * @throws NotSyncedException if it was to be on the disk now, and may not be
     */
    void written(int to, long number) {
        if (each) {
            syncNow(to, number);
        } else if (later != null) {
            schedule(to);
        }
    }

    private synchronized void syncNow(int to, long number) {
        cycle = to;
        try {
            disk.accept(to);
        } catch (RuntimeException refused) {
            throw new NotSyncedException(channel, number, refused);
        }
    }

    private synchronized void schedule(int to) {
        if (scheduled && to != cycle) {
            syncOrTell();
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
            syncOrTell();
        }
    }

    /** Of what was sent some time ago nobody waits to be told. */
    private void syncOrTell() {
        try {
            disk.accept(cycle);
        } catch (RuntimeException refused) {
            System.getLogger("org.jvmipc.mq").log(System.Logger.Level.WARNING, channel
                    + ": what was sent is in the queue, but may not have reached the disk", refused);
        }
    }

    synchronized void close() {
        if (scheduled && !closed) {
            syncOrTell();
        }
        closed = true;
    }
}

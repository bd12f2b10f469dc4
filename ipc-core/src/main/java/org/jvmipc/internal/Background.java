package org.jvmipc.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jvmipc.Registration;
import org.jvmipc.spi.Log;
import org.jvmipc.spi.Waking;

/**
 * The daemon threads that all channels share. They start when they are first needed and end when they have been idle
 * for a second.
 */
public final class Background {
    private static final ScheduledThreadPoolExecutor EVENTS = single("ipc-events");
    private static final ScheduledThreadPoolExecutor TICKS = single("ipc-ticks");

    private Background() {
    }

    /**
     * Runs short tasks one after the other, in order: listeners and call-backs.
     *
     * @return the executor
     */
    public static Executor events() {
        return EVENTS;
    }

    /**
     * Runs a call-back that was armed: a {@link Waking} at once, others as an event.
     *
     * @param callback what to run
     */
    public static void fire(Runnable callback) {
        if (callback instanceof Waking) {
            callback.run();
        } else {
            EVENTS.execute(callback);
        }
    }

    /**
     * Runs a short task again and again.
     *
     * @param task what to run
     * @param periodMillis how often
     * @return ends it
     */
    public static Registration every(long periodMillis, Runnable task) {
        ScheduledFuture<?> future = TICKS.scheduleWithFixedDelay(
                () -> runSafely(task), periodMillis, periodMillis, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    /**
     * Runs a short task later.
     *
     * @param delayMillis when
     * @param task what to run
     * @return cancels it
     */
    public static Registration after(long delayMillis, Runnable task) {
        ScheduledFuture<?> future = TICKS.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    /** A task that throws once must not end the others' being looked after, nor its own. */
    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failed) {
            Log.debug("a periodic task failed", failed);
        }
    }

    private static ScheduledThreadPoolExecutor single(String name) {
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, threads);
        executor.setKeepAliveTime(1, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }
}

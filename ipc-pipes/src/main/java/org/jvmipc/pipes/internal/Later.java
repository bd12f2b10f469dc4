package org.jvmipc.pipes.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs short tasks that must not block on a thread that the JDK shares for delays. */
final class Later {
    private Later() {
    }

    static void run(long delayNanos, Runnable task) {
        CompletableFuture.delayedExecutor(Math.max(1, delayNanos), TimeUnit.NANOSECONDS, Runnable::run).execute(task);
    }
}

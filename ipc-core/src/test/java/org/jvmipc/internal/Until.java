package org.jvmipc.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what a test wants to see. */
public final class Until {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(20);

    private Until() {
    }

    public static void passes(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT) {
                throw new AssertionError("not seen within 20 s");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Waits until a thread is blocked. */
    public static void isBlocked(Thread thread) {
        passes(() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }
}

package org.jvmipc.shm.sync;

import java.util.concurrent.TimeUnit;

/** Moments in terms of {@link System#nanoTime}, of which {@link Long#MAX_VALUE} is never. */
final class Deadline {
    private Deadline() {
    }

    /** When a time of the JDK's interfaces, which may be negative or very long, has passed. */
    static long in(long time, TimeUnit unit) {
        long nanos = unit.toNanos(time);
        return nanos >= Long.MAX_VALUE >> 1 ? Long.MAX_VALUE : System.nanoTime() + Math.max(0, nanos);
    }

    /** What is left, negative or 0 if it has passed. */
    static long left(long deadline) {
        return deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - System.nanoTime();
    }
}

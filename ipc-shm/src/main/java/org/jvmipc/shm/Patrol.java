package org.jvmipc.shm;

import java.util.concurrent.TimeUnit;

/**
 * Has something done about ten times a second by a thread that passes by often, at next to no cost: it reads the clock
 * once in 64 times, or as often as it passes if that is seldom. Used by one thread at a time.
 */
final class Patrol {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MOST_PASSES = 64;

    private final Runnable task;
    private int passes = MOST_PASSES;
    private long clock = System.nanoTime();
    private long done = clock;

    Patrol(Runnable task) {
        this.task = task;
    }

    void pass() {
        if (--passes < 0) {
            look();
        }
    }

    private void look() {
        long now = System.nanoTime();
        // Whoever needs long for his rounds is asked each time.
        passes = now - clock > PERIOD_NANOS ? 0 : MOST_PASSES;
        clock = now;
        if (now - done > PERIOD_NANOS) {
            done = now;
            task.run();
        }
    }
}

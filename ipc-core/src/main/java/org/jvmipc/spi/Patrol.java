package org.jvmipc.spi;

import java.util.concurrent.TimeUnit;

/**
 * Tells a thread that passes by often when it is time for something to be done about ten times a second, at next to no
 * cost: it reads the clock once in some times, or each time if the thread passes seldom. After a burst, a thread that
 * now passes seldom is told late by so many passes. Used by one thread at a time.
 */
public final class Patrol {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int most;
    private int passes;
    private long clock = System.nanoTime();
    private long done = clock;

    /**
     * Creates it; the first time comes a period after this.
     *
     * @param most how many passes there are between two looks at the clock
     */
    public Patrol(int most) {
        this.most = most;
    }

    /**
     * Counts a thread that passes by.
     *
     * @return true if it is time
     */
    public boolean pass() {
        return --passes < 0 && look();
    }

    private boolean look() {
        long now = System.nanoTime();
        // Whoever needs long for his rounds is asked each time.
        passes = now - clock > PERIOD_NANOS ? 0 : most;
        clock = now;
        if (now - done <= PERIOD_NANOS) {
            return false;
        }
        done = now;
        return true;
    }
}

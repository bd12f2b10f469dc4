package org.jvmipc.spi;

import java.util.concurrent.TimeUnit;

/**
 * Tells a thread that passes by often when it is time for something to be done about ten times a second, at next to no
 * cost: it reads the clock once in 64 times, or each time if the thread passes seldom. Used by one thread at a time.
 */
public final class Patrol {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MOST_PASSES = 64;

    private int passes = 1;
    private long clock = System.nanoTime();
    private long done = clock;

    /** The first time comes a period after this. */
    public Patrol() {
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
        passes = now - clock > PERIOD_NANOS ? 0 : MOST_PASSES;
        clock = now;
        if (now - done <= PERIOD_NANOS) {
            return false;
        }
        done = now;
        return true;
    }
}

package org.jvmipc.internal;

import java.time.Duration;
import org.jvmipc.spi.Waiter;

/** A moment, or one after the other: no thread is kept for it, the one that waits sleeps no longer than till then. */
final class TimerSource implements SelectSource<Long> {
    private final long period;
    private long due;
    private long passed;

    /**
     * Creates it.
     *
     * @param delay from now
     * @param periodNanos between the moments that follow; 0 if there are none
     */
    TimerSource(Duration delay, long periodNanos) {
        this.due = Waiter.deadline(delay);
        this.period = periodNanos;
    }

    @Override
    public boolean attempt() {
        if (due == Long.MAX_VALUE) {
            return false;
        }
        long late = System.nanoTime() - due;
        if (late < 0) {
            return false;
        }
        passed = 1;
        if (period > 0) {
            // Moments that nobody had time for are counted and not made up for.
            passed += late / period;
            due += passed * period;
        }
        return true;
    }

    @Override
    public Long outcome() {
        return passed;
    }

    @Override
    public boolean isOver() {
        return period == 0;
    }

    @Override
    public long due() {
        return due;
    }
}

package org.jvmipc.spi;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PatrolTest {
    private static final int MOST = 16;
    /** Longer than between two times. */
    private static final long LONG_NANOS = 120_000_000;

    private final Patrol patrol = new Patrol(MOST);

    @Test
    void shouldAskWhoPassesSeldomEachTime() {
        for (int i = 0; i < 3; i++) {
            pause();
            assertTrue(patrol.pass(), "pass " + i);
        }
    }

    @Test
    void shouldAskWhoSlowsDownAfterABurstByAsManyPassesAsItMayMissAtMost() {
        long end = System.nanoTime() + LONG_NANOS;
        boolean asked = false;
        while (System.nanoTime() < end) {
            asked |= patrol.pass();
        }
        assertTrue(asked);
        // Whatever is left of the burst's period.
        asked(2 * MOST);
        assertFalse(asked(MOST));
        pause();
        assertTrue(asked(MOST + 1));
    }

    private boolean asked(int passes) {
        boolean asked = false;
        for (int i = 0; i < passes; i++) {
            asked |= patrol.pass();
        }
        return asked;
    }

    private static void pause() {
        long end = System.nanoTime() + LONG_NANOS;
        for (long left; (left = end - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }
}

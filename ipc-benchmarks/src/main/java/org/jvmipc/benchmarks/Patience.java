package org.jvmipc.benchmarks;

import java.util.concurrent.TimeUnit;

/** Ends a side that spins although the other one has gone without a word. */
final class Patience {
    /** How many vain attempts between two looks at the clock. */
    private static final int STRIDE = 1 << 16;
    private static final long SECONDS = 10;

    private int vain;
    private long since;

    /** An attempt was not in vain. */
    void reset() {
        vain = 0;
    }

    /** An attempt was in vain; throws if that has gone on for too long. */
    void check() {
        if (++vain % STRIDE == 0) {
            long now = System.nanoTime();
            if (vain == STRIDE) {
                since = now;
            } else if (now - since > TimeUnit.SECONDS.toNanos(SECONDS)) {
                throw new IllegalStateException("nothing moved for " + SECONDS + " s");
            }
        }
    }
}

package org.jvmipc.benchmarks.transports;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/** Agrona's idle strategies that sleep, with their own defaults. */
enum Sleep {
    /** Parks for a microsecond, which the system makes longer. */
    PARK {
        @Override
        IdleStrategy strategy() {
            return new SleepingIdleStrategy();
        }
    },
    /** Sleeps for a millisecond. */
    MILLIS {
        @Override
        IdleStrategy strategy() {
            return new SleepingMillisIdleStrategy();
        }
    },
    /** Spins, yields, and parks for longer and longer. */
    BACKOFF {
        @Override
        IdleStrategy strategy() {
            return new BackoffIdleStrategy();
        }
    };

    abstract IdleStrategy strategy();
}

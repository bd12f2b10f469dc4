package org.jvmipc.mq.internal.persistent;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.core.time.TimeProvider;

/**
 * The time of a queue, which never goes back, whatever the machine's clock does: no message is older than the one
 * before it, and none goes into the file of a cycle that is over.
 */
final class QueueClock implements TimeProvider {
    private static final long MICROS = 1_000_000;
    private static final long NANOS_IN_MICRO = 1000;
    /** For so long time is counted from the last look at the machine's clock, which may be set meanwhile. */
    private static final long LOOK_NANOS = 1_000_000;

    private static final InstantSource SYSTEM = InstantSource.system();

    private final QueueState state;
    private final InstantSource machine;
    /** While something is appended, the time of that. */
    private volatile long fixed;
    private long lookedNanos = System.nanoTime() - LOOK_NANOS;
    private long lookedMicros;

    /**
     * Creates it.
     *
     * @param state of the queue
     * @param machine what the machine says
     */
    QueueClock(QueueState state, InstantSource machine) {
        this.state = state;
        this.machine = machine;
    }

    /** Microseconds since 1970. */
    long now() {
        return Math.max(micros(machine.instant()), state.time());
    }

    /**
     * The same for one message of many, by whoever has the lock: looks at the machine's clock once a millisecond, and
     * counts on in between, which takes less time.
     */
    long next() {
        if (machine != SYSTEM) {
            return now();
        }
        long nanos = System.nanoTime();
        if (nanos - lookedNanos >= LOOK_NANOS) {
            lookedMicros = micros(SYSTEM.instant());
            lookedNanos = nanos;
        }
        return Math.max(lookedMicros + (nanos - lookedNanos) / NANOS_IN_MICRO, state.time());
    }

    /** Microseconds since 1970 of a time that need not be near. */
    static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), MICROS), time.getNano() / 1000);
    }

    /** Stops the clock for Chronicle, 0 to have it go on. */
    void fix(long micros) {
        fixed = micros;
    }

    @Override
    public long currentTimeMillis() {
        long micros = fixed;
        return TimeUnit.MICROSECONDS.toMillis(micros != 0 ? micros : now());
    }
}

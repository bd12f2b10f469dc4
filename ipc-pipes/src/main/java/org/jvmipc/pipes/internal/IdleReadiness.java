package org.jvmipc.pipes.internal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.Registration;
import org.jvmipc.spi.Readiness;

/**
 * Readiness where nothing tells of a change: another attempt is worth while after a pause, which grows from one to
 * sixteen milliseconds until {@link #reset}.
 */
final class IdleReadiness implements Readiness {
    /** Another attempt is always worth while: something has ended for good. */
    static final Readiness AT_ONCE = new IdleReadiness(0);

    private static final long FIRST_NANOS = 1_000_000;
    private static final int MOST_DOUBLINGS = 4;

    private final Queue<Thread> sleepers = new ConcurrentLinkedQueue<>();
    private final long first;
    private volatile int attempts;

    IdleReadiness() {
        this(FIRST_NANOS);
    }

    private IdleReadiness(long first) {
        this.first = first;
    }

    void reset() {
        attempts = 0;
    }

    private long pause() {
        int doublings = attempts;
        if (doublings < MOST_DOUBLINGS) {
            // Losing an increment to another thread makes one pause shorter, no more.
            attempts = doublings + 1;
        }
        return first << doublings;
    }

    @Override
    public boolean isReady() {
        return first == 0;
    }

    @Override
    public boolean canSpin() {
        return false;
    }

    @Override
    public void sleep(long nanos) {
        long pause = Math.min(nanos, pause());
        if (pause <= 0) {
            return;
        }
        Thread self = Thread.currentThread();
        sleepers.add(self);
        try {
            LockSupport.parkNanos(this, pause);
        } finally {
            sleepers.remove(self);
        }
    }

    @Override
    public void wakeUp() {
        for (Thread sleeper : sleepers) {
            LockSupport.unpark(sleeper);
        }
    }

    @Override
    public Registration arm(Runnable callback) {
        OnceTask once = new OnceTask(callback);
        Later.run(pause(), once);
        return once;
    }
}

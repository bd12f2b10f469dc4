package org.jvmipc.shm;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets threads into short pieces of work until it is closed; whoever closes it waits until all are out, so that none of
 * them changes shared memory afterwards.
 */
final class Gate {
    private static final int CLOSED = 1 << 30;
    private static final long PAUSE_NANOS = 20_000;

    private final AtomicInteger inside = new AtomicInteger();

    /** False if it is closed; else to be followed by {@link #exit}. */
    boolean enter() {
        if ((inside.getAndIncrement() & CLOSED) == 0) {
            return true;
        }
        inside.getAndDecrement();
        return false;
    }

    void exit() {
        inside.getAndDecrement();
    }

    boolean isClosed() {
        return (inside.get() & CLOSED) != 0;
    }

    /** Closes it, and waits until nobody is inside. Not to be called by one who is. */
    void close() {
        inside.getAndUpdate(count -> count | CLOSED);
        while (inside.get() != CLOSED) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}

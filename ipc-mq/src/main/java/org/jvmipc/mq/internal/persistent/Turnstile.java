package org.jvmipc.mq.internal.persistent;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the calls that are in something, so that it is taken apart by whoever leaves last after it was closed: memory
 * that a running call may touch is never unmapped. All methods may be called by any thread.
 */
final class Turnstile {
    private static final int CLOSED = 1 << 30;

    private final AtomicInteger state = new AtomicInteger();
    private final Runnable end;

    /**
     * Creates it.
     *
     * @param end runs once, when it is closed and nobody is inside
     */
    Turnstile(Runnable end) {
        this.end = end;
    }

    /** False if it is closed; otherwise {@link #leave} follows. */
    boolean enter() {
        if ((state.incrementAndGet() & CLOSED) == 0) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        if (state.decrementAndGet() == CLOSED && state.compareAndSet(CLOSED, CLOSED | CLOSED >> 1)) {
            end.run();
        }
    }

    boolean isClosed() {
        return (state.get() & CLOSED) != 0;
    }

    /** True for the first one who closes it. */
    boolean close() {
        int before = state.getAndUpdate(s -> s | CLOSED);
        if ((before & CLOSED) != 0) {
            return false;
        }
        if (before == 0 && state.compareAndSet(CLOSED, CLOSED | CLOSED >> 1)) {
            end.run();
        }
        return true;
    }
}

package org.jvmipc.pipes.internal;

import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.LockCalls;
import org.jvmipc.spi.Readiness;

/**
 * Connects through two FIFOs to a {@link FifoListener}, one connection at a time.
 *
 * <p>Four locks, all of them dropped by the kernel when their holder dies: the listener's own, so that there is one
 * ({@link FifoListener}); the connector's {@code flock} on the way back, from before it tries until its end is closed,
 * so that no two read from it; the connector's record lock on the way there, by which the listener sees that it has come
 * all the way; and the {@code flock} of the listener's end of a connection on the way there, so that nobody follows into
 * a connection whose connector has gone.
 */
final class FifoPairOrigin implements Origin {
    private final FifoFile there;
    private final FifoFile back;
    private final IdleReadiness pending = new IdleReadiness();
    /** The way back, once it is ours and while nobody listens. */
    private Fd waiting;

    /**
     * Creates it; nothing is touched.
     *
     * @param there towards the listener
     * @param back from the listener
     */
    FifoPairOrigin(FifoFile there, FifoFile back) {
        this.there = there;
        this.back = back;
    }

    @Override
    public synchronized Wire next() {
        if (waiting != null && back.isOrphan(waiting)) {
            dismiss();
        }
        if (waiting == null) {
            waiting = back.tryOpen(FileCalls.O_RDONLY, FifoFile.LOCK_EXCLUSIVE);
        }
        Fd out = waiting == null ? null : there.tryOpen(FileCalls.O_WRONLY, FifoFile.LOCK_SHARED);
        if (out == null) {
            return null;
        }
        FifoFile.lock(out, FifoFile.UNLOCK);
        if (!lockRecord(out)) {
            out.close();
            return null;
        }
        Fd in = waiting;
        waiting = null;
        pending.reset();
        return new PipeWire(in, out, Fd::close);
    }

    private static boolean lockRecord(Fd out) {
        int number = out.acquire();
        try {
            return LockCalls.tryLock(number) == 0;
        } finally {
            out.release();
        }
    }

    private void dismiss() {
        if (waiting != null) {
            waiting.close();
            waiting = null;
        }
    }

    @Override
    public Readiness pending() {
        return pending;
    }

    @Override
    public synchronized void close() {
        dismiss();
    }
}

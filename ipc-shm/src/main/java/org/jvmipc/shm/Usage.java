package org.jvmipc.shm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Sees to it that a port does not give its slot away while a thread is in the middle of a call: what that thread writes
 * would land in its successor's messages. A call costs two plain stores; there is no fence in it.
 *
 * <p>Instead, the closing thread waits: a store leaves its processor within microseconds, or with the next change of
 * threads on it. So a millisecond after {@code closed} was set, a thread that is in a call can be seen to be, and one
 * that begins a call sees that the port is closed. If it is the same thread that calls and closes, nothing has to be
 * waited for.
 */
final class Usage {
    private static final VarHandle INSIDE;
    private static final VarHandle LEFT;
    static final long STORES_SEEN_NANOS = 1_000_000;
    private static final long PATIENCE_NANOS = 20_000_000;
    /** For the thread that leaves: it has to get a lock, which another process may hold for a moment. */
    private static final long LEAVING_NANOS = 1_000_000_000;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            INSIDE = lookup.findVarHandle(Usage.class, "inside", int.class);
            LEFT = lookup.findVarHandle(Usage.class, "left", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Runnable leave;
    private final long patience;
    private volatile boolean closed;
    private int inside;
    private Thread user;
    private boolean left;
    private volatile boolean gone;

    Usage(Runnable leave) {
        this(leave, PATIENCE_NANOS);
    }

    /** Waits so long for a call that is going on. */
    Usage(Runnable leave, long patience) {
        this.leave = leave;
        this.patience = patience;
    }

    /** A call begins; false if the port is closed. To be followed by {@link #exit} in any case. */
    boolean enter() {
        Thread self = Thread.currentThread();
        if (user != self) {
            user = self;
        }
        INSIDE.setOpaque(this, 1);
        return !closed;
    }

    /** A call ends. */
    void exit() {
        INSIDE.setRelease(this, 0);
        if (closed) {
            leaveOnce();
        }
    }

    /** Whether the calling thread is in a call already. */
    boolean isInside() {
        return inside != 0 && user == Thread.currentThread();
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Closes the port and leaves its segment, or has the thread do so that is in a call. Waits for it then: when the
     * JVM ends, that is all the time it has.
     *
     * @param now whether to leave although this very thread is in a call, as it will not go on with it
     */
    void close(boolean now) {
        closed = true;
        VarHandle.fullFence();
        if (user == Thread.currentThread()) {
            if (inside == 0 || now) {
                leaveOnce();
            }
            return;
        }
        long start = System.nanoTime();
        while (!gone) {
            long waited = System.nanoTime() - start;
            // Asked before the time is looked at: on a loaded machine the first pause may have taken all of it.
            if (waited >= STORES_SEEN_NANOS && (int) INSIDE.getAcquire(this) == 0) {
                leaveOnce();
            }
            if (gone || waited >= patience()) {
                return;
            }
            LockSupport.parkNanos(STORES_SEEN_NANOS);
        }
    }

    private long patience() {
        return (boolean) LEFT.getAcquire(this) ? LEAVING_NANOS : patience;
    }

    private void leaveOnce() {
        if (LEFT.compareAndSet(this, false, true)) {
            user = null;
            try {
                leave.run();
            } finally {
                gone = true;
            }
        }
    }
}

package org.jvmipc.shm.sync;

import java.util.Objects;

/**
 * That a thread holds a lock, until this is closed; for {@code try} with resources. It tells whether the holder before
 * died, and takes what came of that.
 *
 * <pre>{@code
 * try (LockGuard guard = lock.acquire()) {
 *     if (guard.ownerDied()) {
 *         repair();
 *         guard.markConsistent();
 *     }
 *     work();
 * }
 * }</pre>
 *
 * <p>To be used by the thread that got it. This is the contract of robust mutexes in POSIX ({@code EOWNERDEAD}, {@code
 * pthread_mutex_consistent}, {@code ENOTRECOVERABLE}).
 */
public final class LockGuard implements AutoCloseable {
    private final Mutex mutex;
    private final Runnable unlock;
    private final boolean ownerDied;
    private boolean repaired;
    private boolean closed;

    LockGuard(Mutex mutex, boolean ownerDied, Runnable unlock) {
        this.mutex = Objects.requireNonNull(mutex);
        this.ownerDied = ownerDied;
        this.unlock = unlock;
    }

    /**
     * Whether the lock was taken from one who died holding it, and nobody has repaired what that left.
     *
     * @return true if it has to be {@linkplain #markConsistent marked}
     */
    public boolean ownerDied() {
        return ownerDied;
    }

    /**
     * Says that what the lock protects is in order again. Does nothing if it was.
     *
     * @throws IllegalMonitorStateException if this thread does not hold the lock any more
     */
    public void markConsistent() {
        if (ownerDied && !repaired) {
            mutex.checkHeld(Thread.currentThread());
            mutex.markConsistent();
            repaired = true;
        }
    }

    /**
     * Gives up what the lock protects: it is let go, and from now on nobody gets it, but {@link
     * NotRecoverableException}. {@link #close} has nothing to do then.
     *
     * @throws IllegalMonitorStateException if this thread does not hold the lock any more
     */
    public void markUnrecoverable() {
        mutex.condemn(Thread.currentThread());
        closed = true;
    }

    /**
     * Lets the lock go. If its owner had died and this was not {@linkplain #markConsistent marked}, it is given up, as
     * by {@link #markUnrecoverable}. Idempotent.
     *
     * @throws IllegalMonitorStateException if this thread does not hold the lock any more
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (ownerDied && !repaired) {
            markUnrecoverable();
        } else {
            unlock.run();
            closed = true;
        }
    }
}

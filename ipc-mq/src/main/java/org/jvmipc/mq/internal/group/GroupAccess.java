package org.jvmipc.mq.internal.group;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.IpcTimeoutException;

/** One thread of one member at a time gets at the state of a group, and finds it whole. */
final class GroupAccess {
    /** How long one waits for the lock who must not wait; a holder has it for moments, unless it was stopped. */
    static final long GLANCE_NANOS = 2_000_000;
    /** How long one waits for it who has something to say. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path path;
    private final GroupLock lock;
    private final GroupState state;
    private final LongSupplier clock;
    private final ReentrantLock threads = new ReentrantLock();
    private volatile boolean closed;

    GroupAccess(GroupParts parts, GroupState state) {
        this.path = parts.path();
        this.lock = new GroupLock(parts.memory(), parts.words(), parts.members());
        this.state = state;
        this.clock = parts.clock();
    }

    /** Keeps other threads of this process out; others are not concerned. Reentrant. */
    void enter() {
        threads.lock();
    }

    /** As {@link #enter}, unless another thread is in. */
    boolean tryEnter() {
        return threads.tryLock();
    }

    void leave() {
        threads.unlock();
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }

    void checkOpen() {
        if (closed) {
            throw new ChannelClosedException(path + " was closed");
        }
    }

    long now() {
        return clock.getAsLong();
    }

    /**
     * Does something, if the lock can be had soon; to be called by a thread that has entered.
     *
     * @param work gets the time
     * @return null if it could not
     */
    <T> T glance(LongFunction<T> work) {
        return locked(System.nanoTime() + GLANCE_NANOS, work);
    }

    /** Does something, and takes it for broken if that is not possible. */
    <T> T surely(LongFunction<T> work) {
        threads.lock();
        try {
            checkOpen();
            T result = locked(System.nanoTime() + PATIENCE.toNanos(), work);
            if (result == null) {
                throw new IpcTimeoutException(path + " could not be changed within " + PATIENCE + "; it is held by "
                        + lock.holder() + ", which may be stopped");
            }
            return result;
        } finally {
            threads.unlock();
        }
    }

    private <T> T locked(long deadline, LongFunction<T> work) {
        GroupLock.Outcome outcome = lock.acquire(deadline);
        if (outcome == GroupLock.Outcome.REFUSED) {
            return null;
        }
        boolean whole = false;
        try {
            if (outcome == GroupLock.Outcome.INHERITED) {
                state.repair();
            }
            T result = work.apply(clock.getAsLong());
            whole = true;
            return result;
        } finally {
            try {
                if (!whole) {
                    state.repair();
                }
            } finally {
                lock.release();
            }
        }
    }

    /** Wakes those who wait for the lock, for good. */
    void release() {
        lock.close();
    }
}

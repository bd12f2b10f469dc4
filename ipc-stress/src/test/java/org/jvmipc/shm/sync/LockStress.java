package org.jvmipc.shm.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.locks.Condition;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The words of locks and semaphores. What is not named as acceptable is forbidden; a wake-up that is lost is seen as a
 * test that does not come to an end, as nobody looks by itself for a minute.
 */
public final class LockStress {
    private LockStress() {
    }

    /** One increments after the other, and sees all that it did. */
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = ACCEPTABLE, desc = "One after the other.")
    @State
    public static class Exclude {
        private static final Pool<SharedLock> POOL = new Pool<>(SharedLock::in);

        private final SharedLock lock = POOL.next();
        private int first;
        private int second;

        private int increment() {
            lock.lock();
            try {
                first++;
                second++;
                return first == second ? first : -1;
            } finally {
                lock.unlock();
            }
        }

        /** Increments. */
        @Actor
        public void one(II_Result result) {
            result.r1 = increment();
        }

        /** Increments. */
        @Actor
        public void other(II_Result result) {
            result.r2 = increment();
        }
    }

    /** Of two who try, one at least gets it: one expects it free, the other looks into its word first. */
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = ACCEPTABLE, desc = "One after the other.")
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "One while the other had it.")
    @State
    public static class Try {
        private static final Pool<SharedReentrantLock> POOL = new Pool<>(SharedReentrantLock::in);

        private final SharedReentrantLock lock = POOL.next();
        private int count;

        /** Increments if it gets the lock. */
        @Actor
        public void one(II_Result result) {
            if (lock.tryLock()) {
                result.r1 = ++count;
                lock.unlock();
            }
        }

        /** Increments if it gets the lock. */
        @Actor
        public void other(II_Result result) {
            try (LockGuard guard = lock.tryAcquire()) {
                result.r2 = guard == null ? 0 : ++count;
            }
        }
    }

    /** A reader sees all that a writer did, or nothing. */
    @JCStressTest
    @Outcome(id = {"0, 0", "1, 1"}, expect = ACCEPTABLE, desc = "Before it, or after it.")
    @State
    public static class Read {
        private static final Pool<SharedReadWriteLock> POOL = new Pool<>(SharedReadWriteLock::in);

        private final SharedReadWriteLock lock = POOL.next();
        private int first;
        private int second;

        /** Writes both. */
        @Actor
        public void writer() {
            lock.writeLock().lock();
            first = 1;
            second = 1;
            lock.writeLock().unlock();
        }

        /** Reads both. */
        @Actor
        public void reader(II_Result result) {
            lock.readLock().lock();
            result.r1 = first;
            result.r2 = second;
            lock.readLock().unlock();
        }
    }

    /** Who waits for a permit is woken, and sees what was done before it was given. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "What was done before the release.")
    @State
    public static class Release {
        private static final Pool<SharedSemaphore> POOL = new Pool<>(segment -> SharedSemaphore.in(segment, 0));

        private final SharedSemaphore semaphore = POOL.next();
        private int value;

        /** Gives a permit. */
        @Actor
        public void giver() {
            value = 1;
            semaphore.release();
        }

        /** Waits for it. */
        @Actor
        public void taker(I_Result result) {
            semaphore.acquireUninterruptibly();
            result.r1 = value;
        }
    }

    /** Who waits at a condition is woken. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "What was done before the signal.")
    @State
    public static class Signal {
        private static final Pool<SharedLock> POOL = new Pool<>(segment -> SharedLock.in(segment).fair());

        private final SharedLock lock = POOL.next();
        private final Condition condition = lock.condition("written");
        private boolean written;
        private int value;

        /** Signals. */
        @Actor
        public void writer() {
            lock.lock();
            value = 1;
            written = true;
            condition.signal();
            lock.unlock();
        }

        /** Waits to be signalled. */
        @Actor
        public void waiter(I_Result result) {
            lock.lock();
            while (!written) {
                condition.awaitUninterruptibly();
            }
            result.r1 = value;
            lock.unlock();
        }
    }
}

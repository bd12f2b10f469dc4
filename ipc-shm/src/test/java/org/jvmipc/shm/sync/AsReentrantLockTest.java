package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.shm.sync.Form.AnyLock;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * What the Javadoc of {@link java.util.concurrent.locks.ReentrantLock} says, of the JDK's lock and of the shared one.
 */
@IpcDir
class AsReentrantLockTest {
    @IpcDir
    private IpcScope scope;

    private static void lockAndUnlock(AnyLock lock) {
        lock.lock();
        lock.unlock();
    }

    /**
     * "Acquires the lock if it is not held by another thread and returns immediately, setting the hold count to one."
     */
    @ParameterizedTest
    @EnumSource
    void shouldSetTheHoldCountToOne(Form form) throws Exception {
        AnyLock lock = form.lock(scope);
        assertEquals(form.isFair(), lock.isFair());
        assertFalse(lock.isLocked() || lock.isHeldByCurrentThread() || lock.hasQueuedThreads());
        assertEquals(0, lock.getHoldCount());
        lock.lock();
        assertTrue(lock.isLocked() && lock.isHeldByCurrentThread());
        assertEquals(1, lock.getHoldCount());
        lock.unlock();
        lock.lockInterruptibly();
        assertEquals(1, lock.getHoldCount());
        lock.unlock();
        assertTrue(lock.tryLock());
        assertEquals(1, lock.getHoldCount());
        lock.unlock();
        assertTrue(lock.tryLock(-1, TimeUnit.DAYS));
        assertEquals(1, lock.getHoldCount());
        lock.unlock();
        assertFalse(lock.isLocked());
    }

    /** "If the current thread already holds the lock then the hold count is incremented by one". */
    @ParameterizedTest
    @EnumSource
    void shouldCountHoldsAndReleaseAtZero(Form form) throws Exception {
        AnyLock lock = form.lock(scope);
        lock.lock();
        lock.lock();
        assertEquals(2, lock.getHoldCount());
        lock.lockInterruptibly();
        assertTrue(lock.tryLock());
        assertTrue(lock.tryLock(0, TimeUnit.SECONDS));
        assertEquals(5, lock.getHoldCount());
        for (int held = 5; held > 0; held--) {
            assertTrue(lock.isLocked() && lock.isHeldByCurrentThread());
            assertEquals(held, lock.getHoldCount());
            lock.unlock();
        }
        assertFalse(lock.isLocked() || lock.isHeldByCurrentThread());
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
    }

    /** "If the current thread is not the holder of this lock then IllegalMonitorStateException is thrown." */
    @ParameterizedTest
    @EnumSource
    void shouldBelongToItsThread(Form form) {
        AnyLock lock = form.lock(scope);
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        lock.lock();
        try (Threads threads = new Threads()) {
            threads.start(() -> {
                assertThrows(IllegalMonitorStateException.class, lock::unlock);
                assertTrue(lock.isLocked());
                assertFalse(lock.isHeldByCurrentThread());
                assertEquals(0, lock.getHoldCount());
                assertFalse(lock.tryLock());
                // "If the time is less than or equal to zero, the method will not wait at all."
                assertFalse(lock.tryLock(0, TimeUnit.DAYS));
                assertFalse(lock.tryLock(Long.MIN_VALUE, TimeUnit.DAYS));
                assertThrows(NullPointerException.class, () -> lock.tryLock(1, null));
                return null;
            }).get();
        }
        assertEquals(1, lock.getHoldCount());
        lock.unlock();
    }

    /** "The current thread becomes disabled ... and lies dormant until the lock has been acquired". */
    @ParameterizedTest
    @EnumSource
    void shouldWaitUntilItIsReleased(Form form) {
        AnyLock lock = form.lock(scope);
        lock.lock();
        lock.lock();
        try (Threads threads = new Threads()) {
            List<Threads.Running<Integer>> waiters = List.of(
                    threads.queue(lock::getQueueLength, 1, () -> {
                        lock.lock();
                        return holdsAndUnlocks(lock);
                    }),
                    threads.queue(lock::getQueueLength, 2, () -> {
                        lock.lockInterruptibly();
                        return holdsAndUnlocks(lock);
                    }),
                    threads.queue(lock::getQueueLength, 3, () -> {
                        assertTrue(lock.tryLock(Long.MAX_VALUE, TimeUnit.DAYS));
                        return holdsAndUnlocks(lock);
                    }));
            lock.unlock();
            assertFalse(waiters.stream().anyMatch(Threads.Running::isDone));
            assertEquals(3, lock.getQueueLength());
            lock.unlock();
            waiters.forEach(waiter -> assertEquals(1, waiter.get()));
        }
        assertFalse(lock.isLocked());
    }

    private static int holdsAndUnlocks(AnyLock lock) {
        int holds = lock.getHoldCount();
        lock.unlock();
        return holds;
    }

    /** "has its interrupted status set on entry to this method": thrown, and cleared, before anything is acquired. */
    @ParameterizedTest
    @EnumSource
    void shouldPreferAnInterruptToAcquisition(Form form) throws Exception {
        AnyLock lock = form.lock(scope);
        for (int held = 0; held < 2; held++) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, lock::lockInterruptibly);
            assertFalse(Thread.interrupted());
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> lock.tryLock(1, TimeUnit.DAYS));
            assertFalse(Thread.interrupted());
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> lock.tryLock(0, TimeUnit.DAYS));
            assertFalse(Thread.interrupted());
            assertEquals(held, lock.getHoldCount());
            Thread.currentThread().interrupt();
            assertTrue(lock.tryLock());
            assertTrue(Thread.currentThread().isInterrupted());
            lock.unlock();
            lock.lock();
            assertTrue(Thread.interrupted());
        }
        lock.unlock();
        lock.unlock();
    }

    /** "Some other thread interrupts the current thread." */
    @ParameterizedTest
    @EnumSource
    void shouldEndWaitingByAnInterrupt(Form form) {
        AnyLock lock = form.lock(scope);
        lock.lock();
        try (Threads threads = new Threads()) {
            Threads.Running<Boolean> stubborn = threads.queue(lock::getQueueLength, 1, () -> {
                lock.lock();
                lock.unlock();
                return Thread.interrupted();
            });
            Threads.Running<?> waiting = threads.queue(lock::getQueueLength, 2, () -> {
                assertThrows(InterruptedException.class, lock::lockInterruptibly);
                assertFalse(Thread.interrupted() || lock.isHeldByCurrentThread());
                return null;
            });
            Threads.Running<?> timed = threads.queue(lock::getQueueLength, 3, () -> {
                assertThrows(InterruptedException.class, () -> lock.tryLock(1, TimeUnit.DAYS));
                assertFalse(Thread.interrupted() || lock.isHeldByCurrentThread());
                return null;
            });
            stubborn.thread().interrupt();
            waiting.thread().interrupt();
            waiting.get();
            timed.thread().interrupt();
            timed.get();
            assertFalse(stubborn.isDone());
            assertEquals(1, lock.getQueueLength());
            lock.unlock();
            assertTrue(stubborn.get());
        }
    }

    /** "If the specified waiting time elapses then the value false is returned." */
    @ParameterizedTest
    @EnumSource
    void shouldReturnFalseWhenTheTimeHasElapsed(Form form) {
        AnyLock lock = form.lock(scope);
        lock.lock();
        try (Threads threads = new Threads()) {
            threads.start(() -> {
                long start = System.nanoTime();
                assertFalse(lock.tryLock(20, TimeUnit.MILLISECONDS));
                assertTrue(System.nanoTime() - start >= 20_000_000);
                assertFalse(lock.isHeldByCurrentThread());
                return null;
            }).get();
        }
        assertEquals(0, lock.getQueueLength());
        lock.unlock();
    }

    /** "The ordering ... for fair locks favors those threads that have been waiting the longest." */
    @ParameterizedTest
    @EnumSource(names = {"JDK_FAIR", "SHARED_FAIR"})
    void shouldBeGivenInOrderIfFair(Form form) {
        AnyLock lock = form.lock(scope);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        lock.lock();
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 5; i++) {
                int number = i;
                threads.queue(lock::getQueueLength, i + 1, () -> {
                    lock.lock();
                    order.add(number);
                    lock.unlock();
                    return null;
                });
            }
            lock.unlock();
        }
        assertEquals(List.of(0, 1, 2, 3, 4), order);
    }

    /** "Queries whether the given thread is waiting to acquire this lock"; and whether any, and how many. */
    @ParameterizedTest
    @EnumSource
    void shouldTellWhoIsQueued(Form form) {
        AnyLock lock = form.lock(scope);
        assertThrows(NullPointerException.class, () -> lock.hasQueuedThread(null));
        lock.lock();
        try (Threads threads = new Threads()) {
            Threads.Running<?> first = threads.queue(lock::getQueueLength, 1, () -> {
                assertThrows(InterruptedException.class, lock::lockInterruptibly);
                return null;
            });
            assertTrue(lock.hasQueuedThreads() && lock.hasQueuedThread(first.thread()));
            assertFalse(lock.hasQueuedThread(Thread.currentThread()));
            Threads.Running<?> second = threads.queue(lock::getQueueLength, 2, () -> {
                lockAndUnlock(lock);
                return null;
            });
            first.thread().interrupt();
            first.get();
            assertEquals(1, lock.getQueueLength());
            assertTrue(lock.hasQueuedThread(second.thread()));
            assertFalse(lock.hasQueuedThread(first.thread()));
            lock.unlock();
            second.get();
            assertFalse(lock.hasQueuedThreads() || lock.hasQueuedThread(second.thread()));
        }
    }

    /** "Queries whether any threads are waiting on the given condition": by its holder, of its lock. */
    @ParameterizedTest
    @EnumSource
    void shouldTellWhoWaitsAtAConditionOfItsOwn(Form form) {
        AnyLock lock = form.lock(scope);
        AnyLock other = form.otherLock(scope);
        Condition condition = lock.newCondition();
        assertThrows(NullPointerException.class, () -> lock.hasWaiters(null));
        assertThrows(NullPointerException.class, () -> lock.getWaitQueueLength(null));
        assertThrows(IllegalMonitorStateException.class, () -> lock.hasWaiters(condition));
        assertThrows(IllegalMonitorStateException.class, () -> lock.getWaitQueueLength(condition));
        lock.lock();
        other.lock();
        assertThrows(IllegalArgumentException.class, () -> other.hasWaiters(condition));
        assertThrows(IllegalArgumentException.class, () -> other.getWaitQueueLength(condition));
        assertFalse(lock.hasWaiters(condition));
        other.unlock();
        lock.unlock();
        try (Threads threads = new Threads()) {
            threads.start(() -> {
                lock.lock();
                condition.await();
                lock.unlock();
                return null;
            });
            Await.until(Threads.LONG, "it waits", () -> waiters(lock, condition) == 1);
            lock.lock();
            assertTrue(lock.hasWaiters(condition));
            assertFalse(lock.hasQueuedThreads());
            condition.signalAll();
            assertFalse(lock.hasWaiters(condition));
            lock.unlock();
        }
    }

    private static int waiters(AnyLock lock, Condition condition) {
        lock.lock();
        try {
            return lock.getWaitQueueLength(condition);
        } finally {
            lock.unlock();
        }
    }

    /** Mutual exclusion, and that what was done under the lock is seen by the next holder. */
    @ParameterizedTest
    @EnumSource
    void shouldExclude(Form form) {
        AnyLock lock = form.lock(scope);
        int[] count = new int[1];
        int times = form.isFair() ? 500 : 5_000;
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 4; i++) {
                threads.start(() -> {
                    for (int n = 0; n < times; n++) {
                        lock.lock();
                        count[0]++;
                        lock.unlock();
                    }
                    return null;
                });
            }
        }
        assertEquals(4 * times, count[0]);
    }
}

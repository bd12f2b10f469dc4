package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.shm.sync.Form.AnyReadWriteLock;
import org.jvmipc.shm.sync.Form.AnyWriteLock;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * What the Javadoc of {@link java.util.concurrent.locks.ReentrantReadWriteLock} says, of the JDK's and of the shared
 * one. They differ in that nobody begins to read in the shared one while somebody waits to write, not even by {@code
 * tryLock()}.
 */
@IpcDir
class AsReentrantReadWriteLockTest {
    @IpcDir
    private IpcScope scope;

    private static <T> T inOtherThread(Callable<T> work) {
        try (Threads threads = new Threads()) {
            return threads.start(work).get();
        }
    }

    private static boolean couldLock(Lock lock) {
        return inOtherThread(() -> {
            boolean got = lock.tryLock();
            if (got) {
                lock.unlock();
            }
            return got;
        });
    }

    /** "The read lock may be held simultaneously by multiple reader threads ... The write lock is exclusive." */
    @ParameterizedTest
    @EnumSource
    void shouldLetManyReadOrOneWrite(Form form) throws Exception {
        AnyReadWriteLock lock = form.readWriteLock(scope);
        assertEquals(form.isFair(), lock.isFair());
        assertFalse(lock.isWriteLocked() || lock.isWriteLockedByCurrentThread() || lock.hasQueuedThreads());
        lock.readLock().lock();
        assertEquals(1, lock.getReadLockCount());
        assertEquals(1, lock.getReadHoldCount());
        assertFalse(lock.isWriteLocked());
        assertTrue(couldLock(lock.readLock()));
        assertEquals(2, inOtherThread(() -> {
            lock.readLock().lockInterruptibly();
            int readers = lock.getReadLockCount();
            assertEquals(1, lock.getReadHoldCount());
            lock.readLock().unlock();
            return readers;
        }));
        assertFalse(couldLock(lock.writeLock()));
        lock.readLock().unlock();
        assertTrue(lock.writeLock().tryLock(0, TimeUnit.SECONDS));
        assertTrue(lock.isWriteLocked() && lock.isWriteLockedByCurrentThread());
        assertEquals(1, lock.getWriteHoldCount());
        assertEquals(0, lock.getReadLockCount());
        assertFalse(couldLock(lock.readLock()));
        assertFalse(couldLock(lock.writeLock()));
        assertFalse(inOtherThread(lock::isWriteLockedByCurrentThread));
        lock.writeLock().unlock();
        assertTrue(couldLock(lock.readLock()));
        assertTrue(couldLock(lock.writeLock()));
    }

    /** "This lock allows both readers and writers to reacquire read or write locks". */
    @ParameterizedTest
    @EnumSource
    void shouldBeReentrant(Form form) throws Exception {
        AnyReadWriteLock lock = form.readWriteLock(scope);
        AnyWriteLock write = Form.as(AnyWriteLock.class, lock.writeLock());
        write.lock();
        write.lockInterruptibly();
        assertTrue(write.tryLock());
        assertTrue(write.isHeldByCurrentThread());
        assertEquals(3, write.getHoldCount());
        assertEquals(3, lock.getWriteHoldCount());
        for (int held = 3; held > 0; held--) {
            assertTrue(lock.isWriteLocked());
            write.unlock();
        }
        assertFalse(write.isHeldByCurrentThread());
        assertThrows(IllegalMonitorStateException.class, write::unlock);
        lock.readLock().lock();
        lock.readLock().lockInterruptibly();
        assertTrue(lock.readLock().tryLock());
        assertTrue(lock.readLock().tryLock(1, TimeUnit.DAYS));
        assertEquals(4, lock.getReadHoldCount());
        // "the number of reads locks held": holds, not threads.
        assertEquals(4, lock.getReadLockCount());
        for (int held = 4; held > 0; held--) {
            assertFalse(couldLock(lock.writeLock()));
            lock.readLock().unlock();
        }
        assertEquals(0, lock.getReadLockCount());
        assertThrows(IllegalMonitorStateException.class, lock.readLock()::unlock);
        assertTrue(couldLock(lock.writeLock()));
    }

    /**
     * "Reentrancy also allows downgrading ... However, upgrading from a read lock to the write lock is not possible."
     */
    @ParameterizedTest
    @EnumSource
    void shouldAllowDowngradingOnly(Form form) throws Exception {
        AnyReadWriteLock lock = form.readWriteLock(scope);
        lock.writeLock().lock();
        lock.readLock().lock();
        assertEquals(1, lock.getReadHoldCount());
        lock.writeLock().unlock();
        assertFalse(lock.isWriteLocked());
        assertTrue(couldLock(lock.readLock()));
        assertFalse(couldLock(lock.writeLock()));
        assertFalse(lock.writeLock().tryLock());
        assertFalse(lock.writeLock().tryLock(1, TimeUnit.MILLISECONDS));
        assertFalse(lock.isWriteLocked());
        lock.readLock().unlock();
        assertTrue(couldLock(lock.writeLock()));
    }

    /** "The write lock provides a Condition implementation ... the same ... as ReentrantLock"; the read lock none. */
    @ParameterizedTest
    @EnumSource
    void shouldHaveConditionsForWriters(Form form) {
        AnyReadWriteLock lock = form.readWriteLock(scope);
        assertThrows(UnsupportedOperationException.class, lock.readLock()::newCondition);
        Condition condition = lock.writeLock().newCondition();
        assertThrows(IllegalMonitorStateException.class, condition::signal);
        assertThrows(IllegalMonitorStateException.class, () -> lock.hasWaiters(condition));
        assertThrows(NullPointerException.class, () -> lock.getWaitQueueLength(null));
        try (Threads threads = new Threads()) {
            threads.start(() -> {
                lock.writeLock().lock();
                condition.await();
                lock.writeLock().unlock();
                return null;
            });
            Await.until(Threads.LONG, "it waits", () -> {
                lock.writeLock().lock();
                try {
                    return lock.getWaitQueueLength(condition) == 1;
                } finally {
                    lock.writeLock().unlock();
                }
            });
            lock.writeLock().lock();
            assertTrue(lock.hasWaiters(condition));
            condition.signal();
            assertFalse(lock.hasWaiters(condition));
            lock.writeLock().unlock();
        }
    }

    /** Interrupts, times and queries of the waiting: as with a {@code ReentrantLock}, for both locks. */
    @ParameterizedTest
    @EnumSource
    void shouldHeedInterruptsAndTimes(Form form) {
        AnyReadWriteLock lock = form.readWriteLock(scope);
        for (Lock half : List.of(lock.readLock(), lock.writeLock())) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, half::lockInterruptibly);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> half.tryLock(1, TimeUnit.DAYS));
            assertFalse(Thread.interrupted());
            assertThrows(NullPointerException.class, () -> half.tryLock(1, null));
        }
        assertThrows(NullPointerException.class, () -> lock.hasQueuedThread(null));
        lock.writeLock().lock();
        try (Threads threads = new Threads()) {
            for (Lock half : List.of(lock.readLock(), lock.writeLock())) {
                assertFalse(inOtherThread(() -> half.tryLock(5, TimeUnit.MILLISECONDS)));
                Threads.Running<?> timed = threads.queue(lock::getQueueLength, 1, () ->
                        assertThrows(InterruptedException.class, () -> half.tryLock(1, TimeUnit.DAYS)));
                Threads.Running<Boolean> stubborn = threads.queue(lock::getQueueLength, 2, () -> {
                    half.lock();
                    half.unlock();
                    return Thread.interrupted();
                });
                assertTrue(lock.hasQueuedThreads() && lock.hasQueuedThread(stubborn.thread()));
                stubborn.thread().interrupt();
                timed.thread().interrupt();
                timed.get();
                assertEquals(1, lock.getQueueLength());
                assertFalse(stubborn.isDone() || lock.hasQueuedThread(timed.thread()));
                lock.writeLock().unlock();
                assertTrue(stubborn.get());
                lock.writeLock().lock();
            }
        }
        lock.writeLock().unlock();
        assertFalse(lock.hasQueuedThreads());
    }

    /**
     * Fair: "a thread that tries to acquire a fair read lock (non-reentrantly) will block if ... there is a waiting
     * writer thread", and "the longest-waiting single writer thread will be assigned the write lock".
     */
    @ParameterizedTest
    @EnumSource(names = {"JDK_FAIR", "SHARED_FAIR", "SHARED"})
    void shouldNotStarveWriters(Form form) {
        AnyReadWriteLock lock = form.readWriteLock(scope);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        lock.readLock().lock();
        try (Threads threads = new Threads()) {
            threads.queue(lock::getQueueLength, 1, () -> {
                lock.writeLock().lock();
                order.add("writes");
                lock.writeLock().unlock();
                return null;
            });
            // It waits to write, and does not write yet.
            assertFalse(lock.isWriteLocked() || lock.isWriteLockedByCurrentThread());
            Threads.Running<?> reader = threads.queue(lock::getQueueLength, 2, () -> {
                lock.readLock().lock();
                order.add("reads");
                lock.readLock().unlock();
                return null;
            });
            // Who reads already may do so again.
            lock.readLock().lock();
            lock.readLock().unlock();
            assertFalse(reader.isDone());
            lock.readLock().unlock();
        }
        assertEquals(2, order.size());
        if (form.isFair()) {
            assertEquals(List.of("writes", "reads"), order);
        }
    }

    /** Mutual exclusion, and that readers see what was written last. */
    @ParameterizedTest
    @EnumSource
    void shouldExclude(Form form) {
        AnyReadWriteLock lock = form.readWriteLock(scope);
        int[] both = new int[2];
        int times = form.isFair() ? 200 : 1_000;
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 2; i++) {
                threads.start(() -> {
                    for (int n = 0; n < times; n++) {
                        lock.writeLock().lock();
                        both[0]++;
                        both[1]++;
                        lock.writeLock().unlock();
                    }
                    return null;
                });
                threads.start(() -> {
                    for (int n = 0; n < times; n++) {
                        lock.readLock().lock();
                        assertEquals(both[0], both[1]);
                        lock.readLock().unlock();
                    }
                    return null;
                });
            }
        }
        assertEquals(2 * times, both[0]);
    }
}

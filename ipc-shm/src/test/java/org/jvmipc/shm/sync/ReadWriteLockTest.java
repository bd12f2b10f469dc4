package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What a {@link SharedReadWriteLock} has besides its write lock, which is tested as a lock; in one JVM. */
@IpcDir
class ReadWriteLockTest {
    private static final Duration LONG = Threads.LONG;

    @IpcDir
    private IpcScope scope;

    private SharedReadWriteLock lock(boolean fair) {
        SyncBuilder<SharedReadWriteLock> builder =
                SharedReadWriteLock.in(SharedSegment.posix(scope.name("lock")));
        return scope.track(fair ? builder.fair().openOrCreate() : builder.openOrCreate());
    }

    /** Reading itself notes no thread; one that waits for something else is noted, for those who look for deadlocks. */
    @Test
    void shouldShowTheThreadOfAReaderThatWaits() {
        SharedReadWriteLock lock = lock(false);
        try (SharedLock other = SharedLock.named(scope.name("other")); Threads threads = new Threads()) {
            other.lock();
            lock.readLock().lock();
            Threads.Running<?> reader = threads.queue(other, 1, () -> {
                lock.readLock().lock();
                other.lock();
                other.unlock();
                lock.readLock().unlock();
                return null;
            });
            Await.until(LONG, "it is noted", () -> lock.status().holders().stream()
                    .anyMatch(holder -> holder.thread() == reader.thread().getId() && holder.holds() == 1));
            assertEquals(2, lock.status().count());
            SyncHolder rest = lock.status().holders().get(1);
            assertEquals(-1, rest.thread());
            assertEquals(1, rest.holds());
            other.unlock();
            reader.get();
            lock.readLock().unlock();
            assertEquals(List.of(), lock.status().holders());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetManyReadOrOneWrite(boolean fair) throws Exception {
        SharedReadWriteLock lock = lock(fair);
        SharedReadWriteLock other = lock(fair);
        try (Threads threads = new Threads()) {
            lock.readLock().lock();
            lock.readLock().lock();
            assertEquals(2, lock.getReadHoldCount());
            CountDownLatch tried = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Threads.Running<?> reader = threads.start(() -> {
                assertTrue(other.readLock().tryLock());
                assertTrue(other.readLock().tryLock(1, TimeUnit.SECONDS));
                other.readLock().lockInterruptibly();
                assertFalse(other.writeLock().tryLock());
                assertFalse(other.writeLock().tryLock(20, TimeUnit.MILLISECONDS));
                tried.countDown();
                end.await();
                other.readLock().unlock();
                other.readLock().unlock();
                other.readLock().unlock();
                return assertThrows(IllegalMonitorStateException.class, other.readLock()::unlock);
            });
            tried.await();
            assertEquals(5, lock.getReadLockCount());
            assertEquals(5, other.getReadLockCount());
            assertEquals(2, lock.status().holders().size());
            assertFalse(lock.isWriteLocked());
            assertThrows(IllegalStateException.class, lock::close);
            Threads.Running<?> writer = threads.queue(lock.writeLock(), 1, () -> {
                other.writeLock().lock();
                assertTrue(other.isWriteLockedByCurrentThread());
                assertEquals(1, other.getWriteHoldCount());
                assertEquals(0, other.getReadLockCount());
                assertFalse(threads.start(lock.readLock()::tryLock).get());
                assertFalse(threads.start(() -> lock.readLock().tryLock(20, TimeUnit.MILLISECONDS)).get());
                other.writeLock().unlock();
                return null;
            });
            lock.readLock().unlock();
            lock.readLock().unlock();
            assertThrows(IllegalMonitorStateException.class, lock.readLock()::unlock);
            assertFalse(writer.isDone());
            end.countDown();
            reader.get();
            writer.get();
        }
        assertThrows(UnsupportedOperationException.class, lock.readLock()::newCondition);
        assertEquals(0, lock.getReadLockCount());
        assertFalse(lock.isWriteLocked());
    }

    @Test
    void shouldNotCountAReaderOfAClosedObjectForItsSuccessor() throws Exception {
        SharedReadWriteLock writer = lock(false);
        SharedReadWriteLock closed = lock(false);
        closed.close();
        SharedReadWriteLock successor = lock(false);
        try (Threads threads = new Threads()) {
            CountDownLatch end = new CountDownLatch(1);
            CountDownLatch reads = new CountDownLatch(1);
            Threads.Running<?> reader = threads.start(() -> {
                successor.readLock().lock();
                reads.countDown();
                end.await();
                successor.readLock().unlock();
                return null;
            });
            reads.await();
            assertThrows(ChannelClosedException.class, closed.readLock()::lock);
            assertThrows(ChannelClosedException.class, closed.readLock()::tryLock);
            assertFalse(writer.writeLock().tryLock());
            end.countDown();
            reader.get();
            assertTrue(writer.writeLock().tryLock());
            writer.writeLock().unlock();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeDowngradedButNotUpgraded(boolean fair) throws Exception {
        SharedReadWriteLock lock = lock(fair);
        lock.writeLock().lock();
        lock.readLock().lock();
        assertThrows(IllegalStateException.class, lock.writeLock().newCondition()::await);
        lock.writeLock().unlock();
        assertFalse(lock.isWriteLocked());
        assertEquals(1, lock.getReadLockCount());
        assertThrows(IllegalStateException.class, lock.writeLock()::lock);
        assertThrows(IllegalStateException.class, lock.writeLock()::lockInterruptibly);
        assertFalse(lock.writeLock().tryLock());
        assertFalse(lock.writeLock().tryLock(20, TimeUnit.MILLISECONDS));
        lock.readLock().lock();
        lock.readLock().unlock();
        lock.readLock().unlock();
        lock.writeLock().lock();
        lock.writeLock().unlock();
    }

    /** Who reads and waits to write waits for itself, and for as long as it does others may read. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetOthersReadWhileAReaderWantsToWrite(boolean fair) throws Exception {
        SharedReadWriteLock lock = lock(fair);
        try (Threads threads = new Threads()) {
            Threads.Running<Boolean> upgrade = threads.start(() -> {
                lock.readLock().lock();
                try {
                    return lock.writeLock().tryLock(200, TimeUnit.MILLISECONDS);
                } finally {
                    lock.readLock().unlock();
                }
            });
            Await.until(LONG, "it waits", () -> upgrade.thread().getState() == Thread.State.TIMED_WAITING);
            int reads = 0;
            while (!upgrade.isDone()) {
                assertTrue(lock.readLock().tryLock());
                lock.readLock().unlock();
                reads++;
            }
            assertFalse(upgrade.get());
            assertTrue(reads > 0);
            Threads.Running<InterruptedException> interrupted = threads.start(() -> {
                lock.readLock().lock();
                try {
                    return assertThrows(InterruptedException.class,
                            () -> lock.writeLock().tryLock(LONG.toSeconds(), TimeUnit.SECONDS));
                } finally {
                    lock.readLock().unlock();
                }
            });
            Await.until(LONG, "it waits", () -> interrupted.thread().getState() == Thread.State.TIMED_WAITING);
            interrupted.thread().interrupt();
            interrupted.get();
        }
        assertTrue(lock.writeLock().tryLock());
        lock.writeLock().unlock();
    }

    /** One who reads and one who writes try at the same moment, and one of them gets it. */
    @Test
    void shouldFailToOneOfTwoThatTry() throws Exception {
        SharedReadWriteLock lock = lock(false);
        CyclicBarrier barrier = new CyclicBarrier(2);
        AtomicInteger successes = new AtomicInteger();
        int rounds = 5_000;
        try (Threads threads = new Threads()) {
            for (Lock one : List.of(lock.readLock(), lock.writeLock())) {
                threads.start(() -> {
                    for (int i = 0; i < rounds; i++) {
                        barrier.await();
                        boolean got = one.tryLock();
                        if (got) {
                            successes.incrementAndGet();
                        }
                        barrier.await();
                        if (got) {
                            one.unlock();
                        }
                    }
                    return null;
                });
            }
        }
        assertEquals(rounds, successes.get());
    }

    /** Readers come so that there is always one, and a writer gets it all the same. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotLetReadersStarveAWriter(boolean fair) throws Exception {
        SharedReadWriteLock lock = lock(fair);
        AtomicBoolean end = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 3; i++) {
                threads.start(() -> {
                    while (!end.get()) {
                        lock.readLock().lock();
                        int before = reads.incrementAndGet();
                        // Reads until another one does, too, if it can.
                        for (int n = 0; n < 1_000 && reads.get() == before && !lock.hasQueuedThreads(); n++) {
                            Thread.onSpinWait();
                        }
                        lock.readLock().unlock();
                    }
                    return null;
                });
            }
            Await.until(LONG, "they read", () -> reads.get() > 100);
            for (int i = 0; i < 50; i++) {
                assertTrue(lock.writeLock().tryLock(LONG.toSeconds(), TimeUnit.SECONDS));
                assertTrue(lock.isWriteLockedByCurrentThread());
                lock.writeLock().unlock();
            }
            end.set(true);
        }
    }

    /** What is written is written whole for those who read, and no wake-up is lost, also if some give up. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldExcludeReadersFromWriters(boolean fair) throws Exception {
        SharedReadWriteLock lock = lock(fair);
        SharedReadWriteLock other = lock(fair);
        long[] pair = new long[2];
        int times = 1_000;
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 2; i++) {
                SharedReadWriteLock mine = i == 0 ? lock : other;
                threads.start(() -> {
                    for (int n = 0; n < times; n++) {
                        mine.writeLock().lock();
                        pair[0]++;
                        pair[1]--;
                        mine.writeLock().unlock();
                    }
                    return null;
                });
                threads.start(() -> {
                    for (int n = 0; n < times; n++) {
                        if (n % 3 == 0 && !mine.readLock().tryLock(n % 50, TimeUnit.MICROSECONDS)) {
                            continue;
                        }
                        if (n % 3 != 0) {
                            mine.readLock().lock();
                        }
                        assertEquals(0, pair[0] + pair[1]);
                        mine.readLock().unlock();
                    }
                    return null;
                });
                threads.start(() -> {
                    for (int n = 0; n < times; n++) {
                        if (mine.writeLock().tryLock(n % 50, TimeUnit.MICROSECONDS)) {
                            assertEquals(0, pair[0] + pair[1]);
                            mine.writeLock().unlock();
                        }
                    }
                    return null;
                });
            }
        }
        assertEquals(2L * times, pair[0]);
        assertEquals(0, lock.getReadLockCount());
        assertEquals(0, lock.getQueueLength());
    }

    @Test
    void shouldLetReadersThatStandTogetherInTogether() throws Exception {
        SharedReadWriteLock lock = lock(true);
        CountDownLatch all = new CountDownLatch(3);
        lock.writeLock().lock();
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 3; i++) {
                threads.queue(lock.writeLock(), i + 1, () -> {
                    lock.readLock().lock();
                    all.countDown();
                    all.await();
                    lock.readLock().unlock();
                    return null;
                });
            }
            lock.writeLock().unlock();
        }
        assertEquals(0, all.getCount());
    }

    @Test
    void shouldEndWaitingWhenItIsClosedOrInterrupted() throws Exception {
        SharedReadWriteLock lock = lock(false);
        SharedReadWriteLock other = lock(false);
        other.writeLock().lock();
        try (Threads threads = new Threads()) {
            Threads.Running<?> interrupted = threads.queue(other.writeLock(), 1,
                    () -> assertThrows(InterruptedException.class, lock.readLock()::lockInterruptibly));
            interrupted.thread().interrupt();
            interrupted.get();
            threads.queue(other.writeLock(), 1,
                    () -> assertThrows(ChannelClosedException.class, lock.readLock()::lock));
            lock.close();
        }
        assertThrows(ChannelClosedException.class, lock.readLock()::lock);
        assertThrows(ChannelClosedException.class, lock.readLock()::unlock);
        assertThrows(ChannelClosedException.class, lock.writeLock()::lock);
        other.writeLock().unlock();
    }
}

package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What {@link java.util.concurrent.locks.Lock} and its implementations in the JDK promise, in one JVM. */
@IpcDir
class LockContractTest {
    private static final Duration LONG = Threads.LONG;

    @IpcDir
    private IpcScope scope;

    private AbstractSharedLock lock(String kind) {
        return scope.track(LockPeer.lock(kind, scope.name("lock")));
    }

    private static boolean isReentrant(String kind) {
        return !kind.equals("plain") && !kind.equals("fair");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair", "reentrant", "reentrant-fair", "write", "write-fair"})
    void shouldBeHeldByOneThread(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        assertEquals(kind.endsWith("fair"), lock.isFair());
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        assertFalse(lock.isLocked());
        lock.lock();
        assertTrue(lock.isLocked());
        assertTrue(lock.isHeldByCurrentThread());
        assertEquals(1, lock.getHoldCount());
        assertThrows(IllegalStateException.class, lock::close);
        try (Threads threads = new Threads()) {
            threads.start(() -> {
                assertFalse(lock.isHeldByCurrentThread());
                assertEquals(0, lock.getHoldCount());
                assertFalse(lock.tryLock());
                assertFalse(lock.tryLock(0, TimeUnit.SECONDS));
                assertFalse(lock.tryLock(-1, TimeUnit.SECONDS));
                assertFalse(lock.tryLock(Long.MIN_VALUE, TimeUnit.DAYS));
                assertNull(lock.tryAcquire());
                assertThrows(IllegalMonitorStateException.class, lock::unlock);
                assertThrows(NullPointerException.class, () -> lock.tryLock(1, null));
                return null;
            }).get();
        }
        lock.unlock();
        assertFalse(lock.isLocked());
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        assertTrue(lock.tryLock());
        lock.unlock();
        assertTrue(lock.tryLock(Long.MAX_VALUE, TimeUnit.DAYS));
        lock.unlock();
        lock.lockInterruptibly();
        lock.unlock();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair", "reentrant", "reentrant-fair", "write", "write-fair"})
    void shouldBeTakenAgainOnlyIfReentrant(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        lock.lock();
        if (!isReentrant(kind)) {
            assertThrows(IllegalStateException.class, lock::lock);
            assertThrows(IllegalStateException.class, lock::lockInterruptibly);
            assertThrows(IllegalStateException.class, lock::acquire);
            assertFalse(lock.tryLock());
            assertFalse(lock.tryLock(20, TimeUnit.MILLISECONDS));
            assertEquals(1, lock.getHoldCount());
        } else {
            lock.lock();
            lock.lockInterruptibly();
            assertTrue(lock.tryLock());
            assertTrue(lock.tryLock(0, TimeUnit.SECONDS));
            try (LockGuard guard = lock.acquire()) {
                assertFalse(guard.ownerDied());
                assertEquals(6, lock.getHoldCount());
                assertEquals(6, lock.status().count());
            }
            for (int held = 5; held > 1; held--) {
                assertEquals(held, lock.getHoldCount());
                lock.unlock();
                assertTrue(lock.isLocked());
            }
            assertEquals(1, lock.status().count());
        }
        lock.unlock();
        assertEquals(0, lock.status().count());
        assertFalse(lock.isLocked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair", "write", "write-fair"})
    void shouldWaitNoLongerThanItsTime(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        lock.lock();
        try (Threads threads = new Threads()) {
            long waited = threads.start(() -> {
                long start = System.nanoTime();
                assertFalse(lock.tryLock(150, TimeUnit.MILLISECONDS));
                return System.nanoTime() - start;
            }).get();
            assertTrue(waited >= 150_000_000, waited + " ns");
            threads.start(() -> assertThrows(IpcTimeoutException.class, () -> lock.acquire(Duration.ofMillis(5))))
                    .get();
            Threads.Running<Boolean> patient = threads.queue(lock, 1, () -> {
                boolean got = lock.tryLock(LONG.toSeconds(), TimeUnit.SECONDS);
                lock.unlock();
                return got;
            });
            lock.unlock();
            assertTrue(patient.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair", "reentrant", "write-fair"})
    void shouldHeedInterruptsWhereItSaysSo(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, lock::lockInterruptibly);
        assertFalse(Thread.interrupted());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> lock.tryLock(1, TimeUnit.SECONDS));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> lock.acquire(LONG));
        Thread.currentThread().interrupt();
        assertTrue(lock.tryLock());
        assertTrue(Thread.interrupted());
        assertEquals(1, lock.getHoldCount());
        try (Threads threads = new Threads()) {
            Threads.Running<?> interruptible = threads.queue(lock, 1, () ->
                    assertThrows(InterruptedException.class, lock::lockInterruptibly));
            Threads.Running<?> timed = threads.queue(lock, 2, () ->
                    assertThrows(InterruptedException.class, () -> lock.tryLock(1, TimeUnit.DAYS)));
            Threads.Running<Boolean> stubborn = threads.queue(lock, 3, () -> {
                lock.lock();
                boolean kept = Thread.currentThread().isInterrupted();
                lock.unlock();
                return kept;
            });
            interruptible.thread().interrupt();
            interruptible.get();
            timed.thread().interrupt();
            timed.get();
            stubborn.thread().interrupt();
            Await.until(LONG, "only one is left", () -> lock.getQueueLength() == 1);
            assertFalse(stubborn.isDone());
            lock.unlock();
            assertTrue(stubborn.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fair", "reentrant-fair", "write-fair"})
    void shouldBeGivenInTheOrderOfComing(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        lock.lock();
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 8; i++) {
                int number = i;
                Threads.Running<?> waiter = threads.queue(lock, i + 1, () -> {
                    lock.lock();
                    order.add(number);
                    lock.unlock();
                    return null;
                });
                assertTrue(lock.hasQueuedThread(waiter.thread()));
                assertEquals(number, lock.status().waiters().size() - 1);
                assertEquals(waiter.thread().getId(), lock.status().waiters().get(number).thread());
            }
            assertTrue(lock.hasQueuedThreads());
            lock.unlock();
        }
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), order);
        assertFalse(lock.hasQueuedThreads());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair", "reentrant", "reentrant-fair", "write", "write-fair"})
    void shouldCountExactlyWithManyThreads(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        AbstractSharedLock other = lock(kind);
        int times = kind.endsWith("fair") ? 1_000 : 20_000;
        long[] counter = new long[1];
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 6; i++) {
                AbstractSharedLock mine = i % 2 == 0 ? lock : other;
                threads.start(() -> {
                    for (int n = 0; n < times; n++) {
                        mine.lock();
                        counter[0]++;
                        mine.unlock();
                    }
                    return null;
                });
            }
        }
        assertEquals(6L * times, counter[0]);
        assertEquals(0, lock.getQueueLength());
    }

    /** Some give up, by time or interrupt, at the moment at which they are signalled; others must get it. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair", "write"})
    void shouldLoseNoWakeUpToThoseWhoGiveUp(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        long[] counter = new long[1];
        CountDownLatch end = new CountDownLatch(2);
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 2; i++) {
                threads.start(() -> {
                    for (int n = 0; n < 1_000; n++) {
                        lock.lock();
                        counter[0]++;
                        lock.unlock();
                    }
                    end.countDown();
                    return null;
                });
                Threads.Running<?> impatient = threads.start(() -> {
                    for (int n = 0; end.getCount() > 0; n++) {
                        if (triesFor(lock, n % 200)) {
                            counter[0]++;
                            counter[0]--;
                            lock.unlock();
                        }
                    }
                    return null;
                });
                threads.start(() -> {
                    while (!end.await(100, TimeUnit.MICROSECONDS)) {
                        impatient.thread().interrupt();
                    }
                    return null;
                });
            }
        }
        assertEquals(2_000, counter[0]);
        assertFalse(lock.isLocked());
        assertEquals(0, lock.getQueueLength());
    }

    private static boolean triesFor(AbstractSharedLock lock, int micros) {
        try {
            return lock.tryLock(micros, TimeUnit.MICROSECONDS);
        } catch (InterruptedException gaveUp) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "reentrant-fair", "write"})
    void shouldEndWaitingWhenItIsClosed(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        try (AbstractSharedLock other = LockPeer.lock(kind, scope.name("lock")); Threads threads = new Threads()) {
            other.lock();
            threads.queue(lock, 1, () -> assertThrows(ChannelClosedException.class, lock::lock));
            threads.queue(lock, 2, () -> assertThrows(ChannelClosedException.class, lock::lockInterruptibly));
            lock.close();
            lock.close();
            assertEquals(0, other.getQueueLength(), "closing has waited for them");
            assertThrows(ChannelClosedException.class, lock::lock);
            assertThrows(ChannelClosedException.class, lock::tryLock);
            assertThrows(ChannelClosedException.class, lock::acquire);
            assertThrows(ChannelClosedException.class, lock::status);
            other.unlock();
            other.lock();
            other.unlock();
            assertThrows(ChannelClosedException.class, lock::lock);
            assertThrows(ChannelClosedException.class, lock::unlock);
            assertFalse(other.isLocked());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair"})
    void shouldLetMoreWaitThanStandInTheQueue(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        int count = SyncLayout.RECORD_COUNT + 20;
        int[] counter = new int[1];
        lock.lock();
        try (Threads threads = new Threads()) {
            for (int i = 0; i < count; i++) {
                threads.start(() -> {
                    lock.lock();
                    counter[0]++;
                    lock.unlock();
                    return null;
                });
            }
            Await.until(LONG, "the queue is full", () -> lock.getQueueLength() == SyncLayout.RECORD_COUNT);
            lock.unlock();
        }
        assertEquals(count, counter[0]);
        assertEquals(0, lock.getQueueLength());
    }

    /** More of them wait than there are carriers, and others go on. */
    @ParameterizedTest
    @EnabledForJreRange(min = JRE.JAVA_21)
    @ValueSource(strings = {"plain", "reentrant-fair"})
    void shouldHoldNoCarrierWhileVirtualThreadsWait(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        Condition condition = lock.newCondition();
        int count = 3 * Runtime.getRuntime().availableProcessors();
        CountDownLatch ended = new CountDownLatch(2 * count);
        lock.lock();
        for (int i = 0; i < count; i++) {
            startVirtually(() -> {
                lock.lock();
                ended.countDown();
                lock.unlock();
            });
            startVirtually(() -> {
                lock.lock();
                condition.awaitUninterruptibly();
                ended.countDown();
                lock.unlock();
            });
        }
        Await.until(LONG, "all wait", () -> lock.getQueueLength() == 2 * count);
        CountDownLatch other = new CountDownLatch(1);
        startVirtually(other::countDown);
        assertTrue(other.await(LONG.toSeconds(), TimeUnit.SECONDS));
        lock.unlock();
        Await.until(LONG, "half of them have come to the condition", () -> {
            lock.lock();
            try {
                return lock.getWaitQueueLength(condition) == count;
            } finally {
                lock.unlock();
            }
        });
        CountDownLatch another = new CountDownLatch(1);
        startVirtually(another::countDown);
        assertTrue(another.await(LONG.toSeconds(), TimeUnit.SECONDS));
        lock.lock();
        condition.signalAll();
        lock.unlock();
        assertTrue(ended.await(LONG.toSeconds(), TimeUnit.SECONDS));
        Await.until(LONG, "nobody has it", () -> !lock.isLocked());
    }

    private static void startVirtually(Runnable work) throws ReflectiveOperationException {
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
    }

    @Test
    void shouldRefuseWhatIsSomethingElse() {
        String name = scope.name("lock");
        try (SharedLock lock = SharedLock.named(name)) {
            assertThrows(IncompatibleChannelException.class, () -> SharedReentrantLock.named(name));
            assertThrows(IncompatibleChannelException.class,
                    () -> SharedLock.in(SharedSegment.posix(name)).fair().openOrCreate());
            try (SharedLock same = SharedLock.in(SharedSegment.posix(name)).open()) {
                assertFalse(same.isFair());
                assertEquals(2, lock.participants().size());
                assertTrue(same.toString().contains("free"), same.toString());
            }
            assertEquals(1, lock.participants().size());
        }
        try (SharedLock fair = SharedLock.in(SharedSegment.posix(name)).fair().create();
                SharedLock same = SharedLock.named(name)) {
            assertTrue(fair.isFair() && same.isFair());
        }
    }
}

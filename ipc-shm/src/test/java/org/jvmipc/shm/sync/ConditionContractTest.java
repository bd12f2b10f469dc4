package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelFullException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What {@link Condition} promises, in one JVM. */
@IpcDir
class ConditionContractTest {
    private static final Duration LONG = Threads.LONG;

    @IpcDir
    private IpcScope scope;

    private AbstractSharedLock lock(String kind) {
        return scope.track(LockPeer.lock(kind, scope.name("lock")));
    }

    /** Does something while holding a lock. */
    private static <T> T under(AbstractSharedLock lock, Callable<T> work) throws Exception {
        lock.lock();
        try {
            return work.call();
        } finally {
            lock.unlock();
        }
    }

    private static void awaitWaiters(AbstractSharedLock lock, Condition condition, int count) {
        Await.until(LONG, count + " wait", () -> {
            lock.lock();
            try {
                return lock.getWaitQueueLength(condition) == count;
            } finally {
                lock.unlock();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "reentrant", "write"})
    void shouldBeForTheHolderOnly(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        Condition condition = lock.newCondition();
        assertThrows(IllegalMonitorStateException.class, condition::await);
        assertThrows(IllegalMonitorStateException.class, condition::awaitUninterruptibly);
        assertThrows(IllegalMonitorStateException.class, () -> condition.awaitNanos(1));
        assertThrows(IllegalMonitorStateException.class, () -> condition.await(1, TimeUnit.NANOSECONDS));
        assertThrows(IllegalMonitorStateException.class, () -> condition.awaitUntil(new Date()));
        // As in the JDK, an interrupt comes first.
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, condition::await);
        assertFalse(Thread.interrupted());
        assertThrows(IllegalMonitorStateException.class, condition::signal);
        assertThrows(IllegalMonitorStateException.class, condition::signalAll);
        assertThrows(IllegalMonitorStateException.class, () -> lock.hasWaiters(condition));
        under(lock, () -> {
            assertThrows(IllegalArgumentException.class, () -> lock.hasWaiters(new ReentrantLock().newCondition()));
            assertThrows(NullPointerException.class, () -> condition.await(1, null));
            condition.signal();
            condition.signalAll();
            assertFalse(lock.hasWaiters(condition));
            return null;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair", "reentrant", "reentrant-fair", "write", "write-fair"})
    void shouldSignalOneByOneInTheOrderOfComing(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        Condition condition = lock.newCondition();
        Condition other = lock.newCondition();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 4; i++) {
                int number = i;
                threads.start(() -> under(lock, () -> {
                    condition.await();
                    assertTrue(lock.isHeldByCurrentThread());
                    return order.add(number);
                }));
                awaitWaiters(lock, condition, i + 1);
            }
            for (int i = 1; i < 4; i++) {
                int signalled = i;
                under(lock, () -> {
                    other.signalAll();
                    condition.signal();
                    assertEquals(4 - signalled, lock.getWaitQueueLength(condition));
                    return null;
                });
                Await.until(LONG, signalled + " came out", () -> order.size() == signalled);
            }
            under(lock, () -> {
                condition.signalAll();
                return null;
            });
        }
        assertEquals(List.of(0, 1, 2, 3), order);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reentrant", "write-fair"})
    void shouldGiveBackAllHoldsAndHaveThemAgain(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        Condition condition = lock.newCondition();
        try (Threads threads = new Threads()) {
            Threads.Running<Integer> waiter = threads.start(() -> under(lock, () -> under(lock, () -> {
                condition.await();
                return lock.getHoldCount();
            })));
            awaitWaiters(lock, condition, 1);
            assertFalse(lock.isLocked());
            assertTrue(lock.status().waiters().get(0).atCondition());
            under(lock, () -> {
                assertEquals(1, lock.status().count());
                condition.signal();
                return null;
            });
            assertEquals(2, waiter.get());
        }
        assertFalse(lock.isLocked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "reentrant-fair"})
    void shouldTellTimeoutsFromSignals(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        Condition condition = lock.newCondition();
        lock.lock();
        long start = System.nanoTime();
        assertTrue(condition.awaitNanos(30_000_000) <= 0);
        assertTrue(System.nanoTime() - start >= 30_000_000);
        assertTrue(condition.awaitNanos(0) <= 0);
        assertTrue(condition.awaitNanos(Long.MIN_VALUE) <= 0);
        assertFalse(condition.await(1, TimeUnit.MILLISECONDS));
        assertFalse(condition.await(-1, TimeUnit.DAYS));
        assertFalse(condition.awaitUntil(new Date(System.currentTimeMillis() + 20)));
        assertFalse(condition.awaitUntil(new Date(0)));
        assertTrue(lock.isHeldByCurrentThread());
        lock.unlock();
        try (Threads threads = new Threads()) {
            List<Threads.Running<Boolean>> waiters = List.of(
                    threads.start(() -> under(lock, () -> condition.await(LONG.toSeconds(), TimeUnit.SECONDS))),
                    threads.start(() -> under(lock, () -> condition.awaitNanos(LONG.toNanos()) > 0)),
                    threads.start(() -> under(lock, () -> condition.awaitNanos(Long.MAX_VALUE) > 0)),
                    threads.start(() -> under(lock,
                            () -> condition.awaitUntil(new Date(System.currentTimeMillis() + LONG.toMillis())))));
            awaitWaiters(lock, condition, 4);
            under(lock, () -> {
                condition.signalAll();
                return null;
            });
            for (Threads.Running<Boolean> waiter : waiters) {
                assertTrue(waiter.get());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "reentrant", "write"})
    void shouldHeedInterruptsButInOneMethod(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        Condition condition = lock.newCondition();
        under(lock, () -> {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, condition::await);
            assertFalse(Thread.interrupted());
            assertTrue(lock.isHeldByCurrentThread());
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> condition.awaitNanos(1));
            return null;
        });
        try (Threads threads = new Threads()) {
            Threads.Running<?> waiter = threads.start(() -> under(lock, () -> {
                assertThrows(InterruptedException.class, condition::await);
                assertTrue(lock.isHeldByCurrentThread());
                assertFalse(Thread.currentThread().isInterrupted());
                return null;
            }));
            awaitWaiters(lock, condition, 1);
            waiter.thread().interrupt();
            waiter.get();
            Threads.Running<Boolean> stubborn = threads.start(() -> under(lock, () -> {
                condition.awaitUninterruptibly();
                return Thread.interrupted();
            }));
            awaitWaiters(lock, condition, 1);
            stubborn.thread().interrupt();
            Threads.Running<Boolean> signalledFirst = threads.start(() -> under(lock, () -> {
                condition.await();
                return Thread.interrupted();
            }));
            awaitWaiters(lock, condition, 2);
            under(lock, () -> {
                condition.signalAll();
                signalledFirst.thread().interrupt();
                return null;
            });
            assertTrue(stubborn.get());
            assertTrue(signalledFirst.get());
        }
    }

    /** A bounded buffer, as in the Javadoc of {@link Condition}, with waiters that give up now and then. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "reentrant-fair", "write"})
    void shouldLoseNoSignal(String kind) throws Exception {
        AbstractSharedLock lock = lock(kind);
        Condition notFull = lock.newCondition();
        Condition notEmpty = lock.newCondition();
        int[] filled = new int[1];
        long[] taken = new long[1];
        int each = 1_000;
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 3; i++) {
                threads.start(() -> {
                    for (int n = 0; n < each; n++) {
                        lock.lock();
                        while (filled[0] == 2) {
                            notFull.await(n % 7 == 0 ? 50 : 10_000_000, TimeUnit.MICROSECONDS);
                        }
                        filled[0]++;
                        notEmpty.signal();
                        lock.unlock();
                    }
                    return null;
                });
                threads.start(() -> {
                    for (int n = 0; n < each; n++) {
                        lock.lock();
                        while (filled[0] == 0) {
                            notEmpty.await();
                        }
                        filled[0]--;
                        taken[0]++;
                        notFull.signal();
                        lock.unlock();
                    }
                    return null;
                });
            }
        }
        assertEquals(3L * each, taken[0]);
        assertEquals(0, filled[0]);
    }

    @Test
    void shouldBeTheSameByOrderOrName() throws Exception {
        AbstractSharedLock one = lock("reentrant");
        AbstractSharedLock two = lock("reentrant");
        Condition first = one.newCondition();
        Condition second = one.newCondition();
        Condition named = one.condition("grün");
        Condition[] same = {two.newCondition(), two.newCondition(), two.condition("grün")};
        two.condition("other");
        Condition[] mine = {first, second, named};
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 3; i++) {
                Condition waits = same[i];
                Threads.Running<?> waiter = threads.start(() -> under(two, () -> waits.await(20, TimeUnit.SECONDS)));
                awaitWaiters(one, mine[i], 1);
                int at = i;
                under(one, () -> {
                    for (int other = 0; other < 3; other++) {
                        assertEquals(other == at ? 1 : 0, one.getWaitQueueLength(mine[other]));
                    }
                    mine[at].signal();
                    return null;
                });
                assertEquals(true, waiter.get());
            }
        }
        assertThrows(IllegalArgumentException.class, () -> one.condition(""));
        assertThrows(IllegalArgumentException.class, () -> one.condition("x".repeat(53)));
        for (int i = 0; i < 62; i++) {
            one.condition("name" + i);
        }
        assertThrows(ChannelFullException.class, () -> two.condition("one too many"));
        for (int i = 2; i < 128; i++) {
            one.newCondition();
        }
        assertThrows(IllegalStateException.class, one::newCondition);
    }

    @Test
    void shouldEndWaitingWhenTheLockIsClosed() throws Exception {
        AbstractSharedLock lock = lock("reentrant");
        Condition condition = lock.newCondition();
        try (Threads threads = new Threads()) {
            Threads.Running<?> waiter = threads.start(() -> {
                lock.lock();
                assertThrows(ChannelClosedException.class, condition::await);
                assertFalse(lock.isHeldByCurrentThread());
                return assertThrows(ChannelClosedException.class, lock::unlock);
            });
            awaitWaiters(lock, condition, 1);
            lock.close();
            waiter.get();
        }
    }
}

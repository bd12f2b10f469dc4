package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.shm.sync.Form.AnyLock;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What the Javadoc of {@link Condition} says, and what {@code ReentrantLock.newCondition} adds to it. */
@IpcDir
class AsConditionTest {
    @IpcDir
    private IpcScope scope;

    /** One of the ways to wait. */
    private interface Waiting {
        void await(Condition condition) throws InterruptedException;
    }

    private static List<Waiting> interruptible() {
        return List.of(
                Condition::await,
                condition -> assertTrue(condition.await(1, TimeUnit.DAYS)),
                condition -> assertTrue(condition.awaitNanos(TimeUnit.DAYS.toNanos(1)) > 0),
                condition -> assertTrue(condition.awaitUntil(new Date(Long.MAX_VALUE))));
    }

    private static List<Waiting> all() {
        List<Waiting> all = new ArrayList<>(interruptible());
        all.add(Condition::awaitUninterruptibly);
        return all;
    }

    private static <T> T under(AnyLock lock, Callable<T> work) throws Exception {
        lock.lock();
        try {
            return work.call();
        } finally {
            lock.unlock();
        }
    }

    /** Starts a thread that waits, and returns when it is known to wait as the last of so many. */
    private static <T> Threads.Running<T> waiting(Threads threads, AnyLock lock, Condition condition, int count,
            Callable<T> work) {
        Threads.Running<T> running = threads.start(() -> under(lock, work));
        Await.until(Threads.LONG, count + " wait", () -> waiters(lock, condition) == count);
        return running;
    }

    private static int waiters(AnyLock lock, Condition condition) {
        lock.lock();
        try {
            return lock.getWaitQueueLength(condition);
        } finally {
            lock.unlock();
        }
    }

    /** "If this lock is not held when any of the ... methods are called, then IllegalMonitorStateException". */
    @ParameterizedTest
    @EnumSource
    void shouldBeForTheHolder(Form form) {
        AnyLock lock = form.lock(scope);
        Condition condition = lock.newCondition();
        for (Waiting way : all()) {
            assertThrows(IllegalMonitorStateException.class, () -> way.await(condition));
        }
        assertThrows(IllegalMonitorStateException.class, condition::signal);
        assertThrows(IllegalMonitorStateException.class, condition::signalAll);
    }

    /**
     * "The lock associated with this Condition is atomically released", and "when the thread returns it is guaranteed
     * to hold this lock", with "the lock hold count restored".
     */
    @ParameterizedTest
    @EnumSource
    void shouldReleaseAllHoldsAndRestoreThem(Form form) throws Exception {
        AnyLock lock = form.lock(scope);
        Condition condition = lock.newCondition();
        try (Threads threads = new Threads()) {
            for (Waiting way : all()) {
                Threads.Running<Integer> waiter = waiting(threads, lock, condition, 1, () -> {
                    lock.lock();
                    lock.lock();
                    way.await(condition);
                    int holds = lock.getHoldCount();
                    lock.unlock();
                    lock.unlock();
                    return holds;
                });
                under(lock, () -> {
                    condition.signal();
                    // Signalled, it waits for the lock as everybody does.
                    assertTrue(lock.hasQueuedThread(waiter.thread()));
                    assertFalse(lock.hasWaiters(condition) || waiter.isDone());
                    return null;
                });
                assertEquals(3, waiter.get());
            }
        }
        assertFalse(lock.isLocked());
    }

    /**
     * "has its interrupted status set on entry": thrown and cleared; "It is not specified ... whether or not the test
     * for interruption occurs before the lock is released", but it is held when it returns.
     */
    @ParameterizedTest
    @EnumSource
    void shouldHeedAnInterruptOnEntry(Form form) throws Exception {
        AnyLock lock = form.lock(scope);
        Condition condition = lock.newCondition();
        under(lock, () -> {
            for (Waiting way : interruptible()) {
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, () -> way.await(condition));
                assertFalse(Thread.interrupted());
                assertEquals(1, lock.getHoldCount());
            }
            return null;
        });
    }

    /**
     * "If a thread is interrupted while waiting then the wait will terminate, an InterruptedException will be thrown".
     */
    @ParameterizedTest
    @EnumSource
    void shouldHeedAnInterruptWhileWaiting(Form form) {
        AnyLock lock = form.lock(scope);
        Condition condition = lock.newCondition();
        try (Threads threads = new Threads()) {
            for (Waiting way : interruptible()) {
                Threads.Running<?> waiter = waiting(threads, lock, condition, 1, () -> {
                    assertThrows(InterruptedException.class, () -> way.await(condition));
                    assertFalse(Thread.interrupted());
                    assertTrue(lock.isHeldByCurrentThread());
                    return null;
                });
                waiter.thread().interrupt();
                waiter.get();
            }
            assertEquals(0, waiters(lock, condition));
        }
    }

    /**
     * "it will continue to wait until signalled. When it finally returns ... its interrupted status will still be set".
     */
    @ParameterizedTest
    @EnumSource
    void shouldWaitUninterruptibly(Form form) throws Exception {
        AnyLock lock = form.lock(scope);
        Condition condition = lock.newCondition();
        Callable<Boolean> stubborn = () -> {
            condition.awaitUninterruptibly();
            assertTrue(lock.isHeldByCurrentThread());
            return Thread.interrupted();
        };
        try (Threads threads = new Threads()) {
            Threads.Running<Boolean> before = waiting(threads, lock, condition, 1, () -> {
                Thread.currentThread().interrupt();
                return stubborn.call();
            });
            Threads.Running<Boolean> meanwhile = waiting(threads, lock, condition, 2, stubborn);
            Threads.Running<Boolean> never = waiting(threads, lock, condition, 3, stubborn);
            meanwhile.thread().interrupt();
            Await.blocked(meanwhile.thread(), Threads.LONG);
            assertEquals(3, waiters(lock, condition));
            under(lock, () -> {
                condition.signalAll();
                return null;
            });
            assertTrue(before.get() && meanwhile.get());
            assertFalse(never.get());
        }
    }

    /** "false if the waiting time detectably elapsed before return from the method, else true". */
    @ParameterizedTest
    @EnumSource
    void shouldTellThatTheTimeHasElapsed(Form form) throws Exception {
        AnyLock lock = form.lock(scope);
        Condition condition = lock.newCondition();
        under(lock, () -> {
            long start = System.nanoTime();
            assertFalse(condition.await(10, TimeUnit.MILLISECONDS));
            assertTrue(condition.awaitNanos(10_000_000) <= 0);
            assertTrue(System.nanoTime() - start >= 20_000_000);
            long until = System.currentTimeMillis() + 10;
            assertFalse(condition.awaitUntil(new Date(until)));
            assertTrue(System.currentTimeMillis() >= until);
            assertFalse(condition.awaitUntil(new Date(0)));
            assertFalse(condition.awaitUntil(new Date(Long.MIN_VALUE)));
            assertFalse(condition.await(-1, TimeUnit.DAYS));
            assertTrue(condition.awaitNanos(0) <= 0);
            assertTrue(condition.awaitNanos(Long.MIN_VALUE) <= 0);
            assertEquals(1, lock.getHoldCount());
            assertFalse(lock.hasWaiters(condition));
            assertThrows(NullPointerException.class, () -> condition.await(1, null));
            assertThrows(NullPointerException.class, () -> condition.awaitUntil(null));
            return null;
        });
    }

    /** "an estimate of the nanosTimeout value minus the time spent waiting". */
    @ParameterizedTest
    @EnumSource
    void shouldTellHowMuchTimeIsLeft(Form form) throws Exception {
        AnyLock lock = form.lock(scope);
        Condition condition = lock.newCondition();
        long timeout = TimeUnit.MINUTES.toNanos(1);
        try (Threads threads = new Threads()) {
            Threads.Running<Long> waiter = waiting(threads, lock, condition, 1, () -> condition.awaitNanos(timeout));
            long waited = System.nanoTime();
            Await.blocked(waiter.thread(), Threads.LONG);
            long least = System.nanoTime() - waited;
            under(lock, () -> {
                condition.signal();
                return null;
            });
            long left = waiter.get();
            assertTrue(left > 0 && left <= timeout - least, left + " of " + timeout + " after " + least);
        }
    }

    /** "Waiting threads are signalled in FIFO order", one by one; a signal that nobody waits for is not kept. */
    @ParameterizedTest
    @EnumSource
    void shouldSignalOneInTheOrderOfWaiting(Form form) throws Exception {
        AnyLock lock = form.lock(scope);
        Condition condition = lock.newCondition();
        Condition other = lock.newCondition();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        under(lock, () -> {
            condition.signal();
            condition.signalAll();
            assertFalse(condition.await(0, TimeUnit.SECONDS));
            return null;
        });
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 4; i++) {
                int number = i;
                waiting(threads, lock, condition, i + 1, () -> {
                    condition.await();
                    return order.add(number);
                });
            }
            for (int i = 0; i < 4; i++) {
                int left = 3 - i;
                under(lock, () -> {
                    other.signalAll();
                    condition.signal();
                    assertEquals(left, lock.getWaitQueueLength(condition));
                    return null;
                });
                Await.until(Threads.LONG, "another has gone on", () -> order.size() == 4 - left);
            }
        }
        assertEquals(List.of(0, 1, 2, 3), order);
    }

    /** "Wakes up all waiting threads"; with a fair lock they get it in the order in which they waited. */
    @ParameterizedTest
    @EnumSource
    void shouldSignalAll(Form form) throws Exception {
        AnyLock lock = form.lock(scope);
        Condition condition = lock.newCondition();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 4; i++) {
                int number = i;
                waiting(threads, lock, condition, i + 1, () -> {
                    condition.await();
                    return order.add(number);
                });
            }
            under(lock, () -> {
                condition.signalAll();
                assertEquals(0, lock.getWaitQueueLength(condition));
                assertEquals(4, lock.getQueueLength());
                return null;
            });
        }
        if (form.isFair()) {
            assertEquals(List.of(0, 1, 2, 3), order);
        }
        assertEquals(4, order.size());
    }

    /** The example of the Javadoc. */
    @ParameterizedTest
    @EnumSource
    void shouldMakeABoundedBuffer(Form form) {
        AnyLock lock = form.lock(scope);
        Condition notFull = lock.newCondition();
        Condition notEmpty = lock.newCondition();
        int[] items = new int[3];
        int[] putAtTakenFromAndCount = new int[3];
        int times = 100;
        try (Threads threads = new Threads()) {
            List<Threads.Running<Integer>> takers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                threads.start(() -> {
                    for (int n = 1; n <= times; n++) {
                        int item = n;
                        under(lock, () -> {
                            while (putAtTakenFromAndCount[2] == items.length) {
                                notFull.await();
                            }
                            items[putAtTakenFromAndCount[0]++ % items.length] = item;
                            putAtTakenFromAndCount[2]++;
                            notEmpty.signal();
                            return null;
                        });
                    }
                    return null;
                });
                takers.add(threads.start(() -> {
                    int sum = 0;
                    for (int n = 0; n < times; n++) {
                        sum += under(lock, () -> {
                            while (putAtTakenFromAndCount[2] == 0) {
                                notEmpty.await();
                            }
                            putAtTakenFromAndCount[2]--;
                            notFull.signal();
                            return items[putAtTakenFromAndCount[1]++ % items.length];
                        });
                    }
                    return sum;
                }));
            }
            assertEquals(times * (times + 1), takers.stream().mapToInt(Threads.Running::get).sum());
        }
    }
}

package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.shm.sync.Form.AnySemaphore;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What the Javadoc of {@link java.util.concurrent.Semaphore} says, of the JDK's and of the shared one. */
@IpcDir
class AsSemaphoreTest {
    @IpcDir
    private IpcScope scope;

    private static void assertRefusesNegativeNumbers(AnySemaphore semaphore) {
        assertThrows(IllegalArgumentException.class, () -> semaphore.acquire(-1));
        assertThrows(IllegalArgumentException.class, () -> semaphore.acquireUninterruptibly(-1));
        assertThrows(IllegalArgumentException.class, () -> semaphore.tryAcquire(-1));
        assertThrows(IllegalArgumentException.class, () -> semaphore.tryAcquire(-1, 0, TimeUnit.SECONDS));
        assertThrows(IllegalArgumentException.class, () -> semaphore.release(-1));
        assertThrows(NullPointerException.class, () -> semaphore.tryAcquire(0, null));
        assertThrows(NullPointerException.class, () -> semaphore.tryAcquire(1, 0, null));
    }

    /** "Acquires a permit, if one is available and returns immediately, reducing the number of available permits". */
    @ParameterizedTest
    @EnumSource
    void shouldTakeWhatIsAvailableAtOnce(Form form) throws Exception {
        AnySemaphore semaphore = form.semaphore(scope, 20);
        assertEquals(form.isFair(), semaphore.isFair());
        assertRefusesNegativeNumbers(semaphore);
        semaphore.acquire();
        semaphore.acquire(2);
        semaphore.acquireUninterruptibly();
        semaphore.acquireUninterruptibly(3);
        assertEquals(13, semaphore.availablePermits());
        assertTrue(semaphore.tryAcquire());
        assertTrue(semaphore.tryAcquire(4));
        assertTrue(semaphore.tryAcquire(0, TimeUnit.SECONDS));
        assertTrue(semaphore.tryAcquire(5, Long.MIN_VALUE, TimeUnit.DAYS));
        assertEquals(2, semaphore.availablePermits());
        semaphore.acquire(0);
        assertTrue(semaphore.tryAcquire(0));
        assertEquals(2, semaphore.availablePermits());
        // "If insufficient permits are available then this method will return immediately with the value false".
        assertFalse(semaphore.tryAcquire(3));
        assertFalse(semaphore.tryAcquire(3, 0, TimeUnit.SECONDS));
        assertEquals(2, semaphore.availablePermits());
        assertFalse(semaphore.hasQueuedThreads());
    }

    /** "There is no requirement that a thread that releases a permit must have acquired that permit". */
    @ParameterizedTest
    @EnumSource
    void shouldLetAnybodyRelease(Form form) {
        AnySemaphore semaphore = form.semaphore(scope, 0);
        try (Threads threads = new Threads()) {
            Threads.Running<?> waiter = threads.queue(semaphore::getQueueLength, 1, () -> {
                semaphore.acquire();
                return null;
            });
            assertTrue(semaphore.hasQueuedThreads());
            semaphore.release();
            waiter.get();
        }
        semaphore.release(7);
        assertEquals(7, semaphore.availablePermits());
        assertFalse(semaphore.hasQueuedThreads());
    }

    /** "This value may be negative, in which case releases must occur before any acquires will be granted." */
    @ParameterizedTest
    @EnumSource
    void shouldBeginWithFewerThanNone(Form form) throws Exception {
        AnySemaphore semaphore = form.semaphore(scope, -2);
        assertEquals(-2, semaphore.availablePermits());
        assertFalse(semaphore.tryAcquire());
        semaphore.release();
        semaphore.release();
        assertFalse(semaphore.tryAcquire());
        semaphore.release();
        assertTrue(semaphore.tryAcquire(1, TimeUnit.SECONDS));
        assertEquals(0, semaphore.availablePermits());
    }

    /**
     * "Acquires and returns all permits that are immediately available, or if negative permits are available, releases
     * them. Upon return, zero permits are available."
     */
    @ParameterizedTest
    @EnumSource
    void shouldDrain(Form form) {
        AnySemaphore semaphore = form.semaphore(scope, -3);
        assertEquals(-3, semaphore.drainPermits());
        assertEquals(0, semaphore.availablePermits());
        assertEquals(0, semaphore.drainPermits());
        semaphore.release(9);
        assertEquals(9, semaphore.drainPermits());
        assertFalse(semaphore.tryAcquire());
        semaphore.release(Integer.MAX_VALUE);
        assertThrows(Error.class, semaphore::release);
        assertEquals(Integer.MAX_VALUE, semaphore.availablePermits());
    }

    /** "has its interrupted status set on entry to this method". */
    @ParameterizedTest
    @EnumSource
    void shouldPreferAnInterruptToAcquisition(Form form) {
        AnySemaphore semaphore = form.semaphore(scope, 9);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, semaphore::acquire);
        assertFalse(Thread.interrupted());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> semaphore.acquire(2));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> semaphore.tryAcquire(0, TimeUnit.SECONDS));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> semaphore.tryAcquire(2, 1, TimeUnit.SECONDS));
        assertFalse(Thread.interrupted());
        assertEquals(9, semaphore.availablePermits());
        Thread.currentThread().interrupt();
        semaphore.acquireUninterruptibly();
        semaphore.acquireUninterruptibly(2);
        assertTrue(semaphore.tryAcquire() && semaphore.tryAcquire(2));
        assertTrue(Thread.interrupted());
        assertEquals(3, semaphore.availablePermits());
    }

    /** "Some other thread interrupts the current thread"; uninterruptibly, "it will continue to wait". */
    @ParameterizedTest
    @EnumSource
    void shouldEndWaitingByAnInterrupt(Form form) {
        AnySemaphore semaphore = form.semaphore(scope, 0);
        try (Threads threads = new Threads()) {
            Threads.Running<Boolean> stubborn = threads.queue(semaphore::getQueueLength, 1, () -> {
                semaphore.acquireUninterruptibly();
                return Thread.interrupted();
            });
            Threads.Running<Boolean> stubbornAboutTwo = threads.queue(semaphore::getQueueLength, 2, () -> {
                semaphore.acquireUninterruptibly(2);
                return Thread.interrupted();
            });
            List<Threads.Running<?>> waiters = List.of(
                    threads.queue(semaphore::getQueueLength, 3, () -> assertThrows(InterruptedException.class,
                            semaphore::acquire)),
                    threads.queue(semaphore::getQueueLength, 4, () -> assertThrows(InterruptedException.class,
                            () -> semaphore.acquire(2))),
                    threads.queue(semaphore::getQueueLength, 5, () -> assertThrows(InterruptedException.class,
                            () -> semaphore.tryAcquire(1, TimeUnit.DAYS))),
                    threads.queue(semaphore::getQueueLength, 6, () -> assertThrows(InterruptedException.class,
                            () -> semaphore.tryAcquire(2, 1, TimeUnit.DAYS))));
            stubborn.thread().interrupt();
            stubbornAboutTwo.thread().interrupt();
            for (Threads.Running<?> waiter : waiters) {
                waiter.thread().interrupt();
                waiter.get();
            }
            assertFalse(stubborn.isDone() || stubbornAboutTwo.isDone());
            assertEquals(2, semaphore.getQueueLength());
            semaphore.release(3);
            assertTrue(stubborn.get() && stubbornAboutTwo.get());
            assertEquals(0, semaphore.availablePermits());
        }
    }

    /** "If the specified waiting time elapses then the value false is returned", and nothing was acquired. */
    @ParameterizedTest
    @EnumSource
    void shouldReturnFalseWhenTheTimeHasElapsed(Form form) throws Exception {
        AnySemaphore semaphore = form.semaphore(scope, 1);
        long start = System.nanoTime();
        assertFalse(semaphore.tryAcquire(2, 10, TimeUnit.MILLISECONDS));
        semaphore.acquire();
        assertFalse(semaphore.tryAcquire(10, TimeUnit.MILLISECONDS));
        assertTrue(System.nanoTime() - start >= 20_000_000);
        assertEquals(0, semaphore.availablePermits());
    }

    /** "atomically acquires the permits all at once". */
    @ParameterizedTest
    @EnumSource
    void shouldTakeSeveralAtOnce(Form form) {
        AnySemaphore semaphore = form.semaphore(scope, 1);
        try (Threads threads = new Threads()) {
            Threads.Running<?> waiter = threads.queue(semaphore::getQueueLength, 1, () -> {
                semaphore.acquire(4);
                return null;
            });
            semaphore.release(2);
            assertEquals(3, semaphore.availablePermits());
            assertFalse(waiter.isDone());
            semaphore.release();
            waiter.get();
            assertEquals(0, semaphore.availablePermits());
        }
    }

    /**
     * "When fairness is set true ... threads ... are selected to obtain permits in the order in which their invocation
     * ... was processed"; "a call to tryAcquire() will immediately acquire a permit ..., whether or not other threads
     * are currently waiting"; "tryAcquire(0, TimeUnit.SECONDS)" honours fairness.
     */
    @ParameterizedTest
    @EnumSource(names = {"JDK_FAIR", "SHARED_FAIR"})
    void shouldGiveInOrderIfFair(Form form) throws Exception {
        AnySemaphore semaphore = form.semaphore(scope, 2);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        try (Threads threads = new Threads()) {
            threads.queue(semaphore::getQueueLength, 1, () -> {
                semaphore.acquire(3);
                return order.add(3);
            });
            threads.queue(semaphore::getQueueLength, 2, () -> {
                semaphore.acquire();
                return order.add(1);
            });
            assertFalse(semaphore.tryAcquire(0, TimeUnit.SECONDS));
            assertTrue(semaphore.tryAcquire());
            assertTrue(order.isEmpty());
            semaphore.release(2);
            threads.queue(() -> order.size(), 1, () -> null).get();
            assertEquals(List.of(3), order);
            semaphore.release();
        }
        assertEquals(List.of(3, 1), order);
        assertEquals(0, semaphore.availablePermits());
    }

    /** "any permits that were to be assigned to this thread are instead assigned to other threads". */
    @ParameterizedTest
    @EnumSource
    void shouldLeaveToOthersWhatOneDoesNotTake(Form form) {
        AnySemaphore semaphore = form.semaphore(scope, 0);
        try (Threads threads = new Threads()) {
            Threads.Running<?> greedy = threads.queue(semaphore::getQueueLength, 1, () ->
                    assertThrows(InterruptedException.class, () -> semaphore.acquire(5)));
            Threads.Running<Boolean> modest = threads.queue(semaphore::getQueueLength, 2, () ->
                    semaphore.tryAcquire(Threads.LONG.toSeconds(), TimeUnit.SECONDS));
            Threads.Running<Boolean> late = threads.queue(semaphore::getQueueLength, 3, () ->
                    semaphore.tryAcquire(2, Threads.LONG.toSeconds(), TimeUnit.SECONDS));
            semaphore.release(3);
            assertFalse(greedy.isDone());
            greedy.thread().interrupt();
            greedy.get();
            assertTrue(modest.get() && late.get());
            assertEquals(0, semaphore.availablePermits());
        }
    }

    /** "restrict the number of threads than can access some (physical or logical) resource". */
    @ParameterizedTest
    @EnumSource
    void shouldLetInNoMoreThanItsPermits(Form form) {
        AnySemaphore semaphore = form.semaphore(scope, 2);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int times = form.isFair() ? 300 : 2_000;
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 4; i++) {
                threads.start(() -> {
                    for (int n = 0; n < times; n++) {
                        semaphore.acquire();
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                        semaphore.release();
                    }
                    return null;
                });
            }
        }
        assertTrue(most.get() <= 2, most + " at the same time");
        assertEquals(2, semaphore.availablePermits());
    }
}

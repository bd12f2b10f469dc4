package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.shm.sync.Form.AnyLatch;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What the Javadoc of {@link java.util.concurrent.CountDownLatch} says, of the JDK's and of the shared one. */
@IpcDir
class AsCountDownLatchTest {
    @IpcDir
    private IpcScope scope;

    /** "IllegalArgumentException - if count is negative". */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldRefuseANegativeCount(Form form) {
        assertThrows(IllegalArgumentException.class, () -> form.latch(scope, -1));
    }

    /** "If the current count is zero then this method returns immediately"; counted down, "nothing happens". */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldBeOpenAtZero(Form form) throws Exception {
        AnyLatch latch = form.latch(scope, 0);
        latch.await();
        assertTrue(latch.await(0, TimeUnit.SECONDS));
        assertTrue(latch.await(Long.MIN_VALUE, TimeUnit.DAYS));
        assertThrows(NullPointerException.class, () -> latch.await(1, null));
        latch.countDown();
        assertEquals(0, latch.getCount());
        latch.await();
    }

    /** "Decrements the count of the latch, releasing all waiting threads if the count reaches zero." */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldReleaseAllAtZeroAndStayOpen(Form form) throws Exception {
        AnyLatch latch = form.latch(scope, 3);
        int[] done = new int[1];
        try (Threads threads = new Threads()) {
            List<Threads.Running<Integer>> waiters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiters.add(threads.start(() -> {
                    latch.await();
                    return done[0];
                }));
                waiters.add(threads.start(() -> {
                    assertTrue(latch.await(1, TimeUnit.DAYS));
                    return done[0];
                }));
            }
            waiters.forEach(waiter -> Await.blocked(waiter.thread(), Threads.LONG));
            for (int count = 3; count > 0; count--) {
                assertEquals(count, latch.getCount());
                assertFalse(waiters.stream().anyMatch(Threads.Running::isDone));
                done[0]++;
                latch.countDown();
            }
            waiters.forEach(waiter -> assertEquals(3, waiter.get()));
        }
        assertEquals(0, latch.getCount());
        latch.await();
        latch.countDown();
        assertTrue(latch.await(0, TimeUnit.SECONDS));
    }

    /** "has its interrupted status set on entry to this method; or is interrupted while waiting". */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldHeedInterrupts(Form form) {
        AnyLatch latch = form.latch(scope, 1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, latch::await);
        assertFalse(Thread.interrupted());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> latch.await(0, TimeUnit.SECONDS));
        assertFalse(Thread.interrupted());
        try (Threads threads = new Threads()) {
            List<Threads.Running<?>> waiters = List.of(
                    threads.start(() -> assertThrows(InterruptedException.class, latch::await)),
                    threads.start(() -> assertThrows(InterruptedException.class, () -> latch.await(1, TimeUnit.DAYS))));
            for (Threads.Running<?> waiter : waiters) {
                Await.blocked(waiter.thread(), Threads.LONG);
                waiter.thread().interrupt();
                waiter.get();
            }
        }
        latch.countDown();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, latch::await);
    }

    /** "If the specified waiting time elapses then the value false is returned." */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldReturnFalseWhenTheTimeHasElapsed(Form form) throws Exception {
        AnyLatch latch = form.latch(scope, 1);
        long start = System.nanoTime();
        assertFalse(latch.await(10, TimeUnit.MILLISECONDS));
        assertTrue(System.nanoTime() - start >= 10_000_000);
        assertFalse(latch.await(0, TimeUnit.SECONDS));
        assertFalse(latch.await(-1, TimeUnit.DAYS));
        assertEquals(1, latch.getCount());
    }
}

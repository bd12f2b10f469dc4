package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.shm.sync.Form.AnyBarrier;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What the Javadoc of {@link java.util.concurrent.CyclicBarrier} says, of the JDK's and of the shared one. */
@IpcDir
class AsCyclicBarrierTest {
    @IpcDir
    private IpcScope scope;

    /** Starts two threads that wait for ever, or for a long time, at a barrier for three, and end in an exception. */
    private static List<Threads.Running<?>> twoThatFail(Threads threads, AnyBarrier barrier,
            Class<? extends Exception> how) {
        return List.of(
                threads.queue(barrier::getNumberWaiting, 1, () -> assertThrows(how, barrier::await)),
                threads.queue(barrier::getNumberWaiting, 2, () -> assertThrows(how,
                        () -> barrier.await(1, TimeUnit.DAYS))));
    }

    private static void assertBroken(AnyBarrier barrier, List<Threads.Running<?>> waiters) {
        waiters.forEach(Threads.Running::get);
        assertTrue(barrier.isBroken());
        // "... or if the barrier is broken when await is invoked": whoever comes, until it is reset.
        assertThrows(BrokenBarrierException.class, barrier::await);
        assertThrows(BrokenBarrierException.class, () -> barrier.await(0, TimeUnit.SECONDS));
        assertTrue(barrier.isBroken());
        assertEquals(0, barrier.getNumberWaiting());
    }

    private static void assertWorksAfterReset(AnyBarrier barrier) throws Exception {
        barrier.reset();
        assertFalse(barrier.isBroken());
        assertEquals(0, barrier.getNumberWaiting());
        try (Threads threads = new Threads()) {
            Threads.Running<Integer> first = threads.queue(barrier::getNumberWaiting, 1, barrier::await);
            Threads.Running<Integer> second = threads.queue(barrier::getNumberWaiting, 2,
                    () -> barrier.await(1, TimeUnit.DAYS));
            assertEquals(0, barrier.await());
            assertEquals(2, first.get());
            assertEquals(1, second.get());
        }
        assertFalse(barrier.isBroken());
    }

    /** "IllegalArgumentException - if parties is less than 1". */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldRefuseNoParties(Form form) throws Exception {
        assertThrows(IllegalArgumentException.class, () -> form.barrier(scope, 0, null));
        assertThrows(IllegalArgumentException.class, () -> form.barrier(scope, -1, null));
        AnyBarrier barrier = form.barrier(scope, 1, null);
        assertEquals(1, barrier.getParties());
        assertEquals(0, barrier.await());
        assertEquals(0, barrier.await(0, TimeUnit.SECONDS));
        assertThrows(NullPointerException.class, () -> barrier.await(1, null));
        assertFalse(barrier.isBroken());
    }

    /**
     * "the arrival index of the current thread, where index getParties() - 1 indicates the first to arrive and zero
     * indicates the last to arrive"; "cyclic because it can be re-used after the waiting threads are released".
     */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldOpenAgainAndAgain(Form form) throws Exception {
        AnyBarrier barrier = form.barrier(scope, 3, null);
        assertEquals(3, barrier.getParties());
        int times = 30;
        int[] reached = new int[3];
        try (Threads threads = new Threads()) {
            List<Threads.Running<List<Integer>>> parties = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int own = i;
                parties.add(threads.start(() -> {
                    List<Integer> indices = new ArrayList<>();
                    for (int n = 1; n <= times; n++) {
                        reached[own] = n;
                        indices.add(barrier.await());
                        assertTrue(reached[0] >= n && reached[1] >= n && reached[2] >= n);
                    }
                    return indices;
                }));
            }
            for (int n = 0; n < times; n++) {
                Set<Integer> indices = new TreeSet<>();
                for (Threads.Running<List<Integer>> party : parties) {
                    indices.add(party.get().get(n));
                }
                assertEquals(Set.of(0, 1, 2), indices);
            }
        }
        assertWorksAfterReset(barrier);
    }

    /**
     * "run once per barrier point, after the last thread in the party arrives, but before any threads are released".
     */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldRunTheActionOnceByTheLast(Form form) throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();
        int[] times = new int[1];
        AnyBarrier barrier = form.barrier(scope, 3, () -> {
            ran.set(Thread.currentThread());
            times[0]++;
        });
        try (Threads threads = new Threads()) {
            Threads.Running<Integer> first = threads.queue(barrier::getNumberWaiting, 1, () -> {
                barrier.await();
                return times[0];
            });
            Threads.Running<Integer> second = threads.queue(barrier::getNumberWaiting, 2, () -> {
                barrier.await();
                return times[0];
            });
            assertEquals(0, barrier.await());
            assertSame(Thread.currentThread(), ran.get());
            assertEquals(1, times[0]);
            assertEquals(1, first.get());
            assertEquals(1, second.get());
        }
    }

    /**
     * "If an exception occurs during the barrier action then that exception will be propagated in the current thread
     * and the barrier is placed in the broken state."
     */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldBreakIfTheActionFails(Form form) throws Exception {
        List<RuntimeException> failures = new ArrayList<>(List.of(new UnsupportedOperationException("once")));
        AnyBarrier barrier = form.barrier(scope, 3, () -> {
            if (!failures.isEmpty()) {
                throw failures.remove(0);
            }
        });
        try (Threads threads = new Threads()) {
            List<Threads.Running<?>> waiters = twoThatFail(threads, barrier, BrokenBarrierException.class);
            assertThrows(UnsupportedOperationException.class, barrier::await);
            assertBroken(barrier, waiters);
        }
        assertWorksAfterReset(barrier);
    }

    /**
     * "If any thread is interrupted while waiting, then all other waiting threads will throw BrokenBarrierException".
     */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldBreakIfAWaitingThreadIsInterrupted(Form form) throws Exception {
        AnyBarrier barrier = form.barrier(scope, 4, null);
        try (Threads threads = new Threads()) {
            List<Threads.Running<?>> waiters = twoThatFail(threads, barrier, BrokenBarrierException.class);
            Threads.Running<?> interrupted = threads.queue(barrier::getNumberWaiting, 3, () -> {
                assertThrows(InterruptedException.class, barrier::await);
                assertFalse(Thread.interrupted());
                return null;
            });
            interrupted.thread().interrupt();
            interrupted.get();
            assertBroken(barrier, waiters);
        }
    }

    /** "has its interrupted status set on entry to this method", as the last or not, then it breaks, too. */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldBreakIfOneComesInterrupted(Form form) throws Exception {
        AnyBarrier barrier = form.barrier(scope, 3, null);
        for (Executable coming : List.<Executable>of(barrier::await, () -> barrier.await(1, TimeUnit.DAYS))) {
            try (Threads threads = new Threads()) {
                List<Threads.Running<?>> waiters = twoThatFail(threads, barrier, BrokenBarrierException.class);
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, coming);
                assertFalse(Thread.interrupted());
                assertBroken(barrier, waiters);
            }
            barrier.reset();
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, coming);
            assertTrue(barrier.isBroken());
            // A broken one says so, whether the thread is interrupted or not.
            Thread.currentThread().interrupt();
            assertThrows(BrokenBarrierException.class, coming);
            assertTrue(Thread.interrupted());
            barrier.reset();
        }
        assertWorksAfterReset(barrier);
    }

    /**
     * "If the specified waiting time elapses then a TimeoutException is thrown"; others get "BrokenBarrierException".
     */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldBreakIfTheTimeHasElapsed(Form form) throws Exception {
        AnyBarrier barrier = form.barrier(scope, 4, null);
        for (long millis : new long[] {10, 0, Long.MIN_VALUE}) {
            try (Threads threads = new Threads()) {
                List<Threads.Running<?>> waiters = twoThatFail(threads, barrier, BrokenBarrierException.class);
                long start = System.nanoTime();
                assertThrows(TimeoutException.class, () -> barrier.await(millis, TimeUnit.MILLISECONDS));
                assertTrue(System.nanoTime() - start >= millis * 1_000_000 || millis < 0);
                assertBroken(barrier, waiters);
            }
            barrier.reset();
        }
    }

    /**
     * "Resets the barrier to its initial state. If any parties are currently waiting at the barrier, they will return
     * with a BrokenBarrierException."
     */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SHARED"})
    void shouldSendTheWaitingAwayWhenItIsReset(Form form) throws Exception {
        AnyBarrier barrier = form.barrier(scope, 3, null);
        barrier.reset();
        assertFalse(barrier.isBroken());
        try (Threads threads = new Threads()) {
            List<Threads.Running<?>> waiters = twoThatFail(threads, barrier, BrokenBarrierException.class);
            barrier.reset();
            assertEquals(0, barrier.getNumberWaiting());
            waiters.forEach(Threads.Running::get);
        }
        assertFalse(barrier.isBroken());
        assertWorksAfterReset(barrier);
    }
}

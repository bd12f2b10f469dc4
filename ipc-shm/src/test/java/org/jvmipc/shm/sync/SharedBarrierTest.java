package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What the Javadoc of {@link java.util.concurrent.CyclicBarrier} says, within one process. */
@IpcDir
class SharedBarrierTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    @AfterEach
    void sweep() {
        LifeSign.sweep();
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task).start();
        return task;
    }

    private SharedBarrier barrier(int parties, Runnable action) {
        return SharedBarrier.named(scope.name("b"), parties, action);
    }

    private static void awaitWaiting(SharedBarrier barrier, int count) {
        Await.until(LONG, count + " wait", () -> barrier.getNumberWaiting() == count);
    }

    private static void assertFails(Class<? extends Throwable> type, FutureTask<?> task) {
        ExecutionException ended = assertThrows(ExecutionException.class, () -> task.get(20, TimeUnit.SECONDS));
        assertInstanceOf(type, ended.getCause());
    }

    @Test
    void shouldOpenAgainAndAgain() throws Exception {
        AtomicInteger actions = new AtomicInteger();
        try (SharedBarrier b = barrier(3, actions::incrementAndGet)) {
            assertEquals(3, b.getParties());
            AtomicInteger[] reached = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
            List<FutureTask<List<Integer>>> tasks = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                int party = t;
                tasks.add(start(() -> {
                    List<Integer> indices = new ArrayList<>();
                    for (int round = 1; round <= 300; round++) {
                        reached[party].set(round);
                        indices.add(b.await());
                        for (AtomicInteger other : reached) {
                            assertTrue(other.get() >= round && other.get() <= round + 1, round + ": " + other);
                        }
                        assertTrue(actions.get() == round || actions.get() == round + 1, round + ": " + actions);
                    }
                    return indices;
                }));
            }
            List<List<Integer>> indices = new ArrayList<>();
            for (FutureTask<List<Integer>> task : tasks) {
                indices.add(task.get(20, TimeUnit.SECONDS));
            }
            for (int round = 0; round < 300; round++) {
                List<Integer> those = new ArrayList<>();
                for (List<Integer> party : indices) {
                    those.add(party.get(round));
                }
                Collections.sort(those);
                assertEquals(List.of(0, 1, 2), those);
            }
            assertEquals(300, actions.get());
            assertFalse(b.isBroken());
            assertEquals(0, b.getNumberWaiting());
        }
    }

    @Test
    void shouldTellTheOrderOfArrival() throws Exception {
        try (SharedBarrier b = barrier(3, null)) {
            FutureTask<Integer> first = start(b::await);
            awaitWaiting(b, 1);
            FutureTask<Integer> second = start(() -> b.await(20, TimeUnit.SECONDS));
            awaitWaiting(b, 2);
            assertEquals(2, b.status().count());
            Await.until(LONG, "both are shown",
                    () -> b.status().waiters().stream().filter(SyncWaiter::atCondition).count() == 2);
            assertEquals(0, b.await());
            assertEquals(2, first.get(20, TimeUnit.SECONDS));
            assertEquals(1, second.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldBreakWhenOneDoesNotWaitSoLong() throws Exception {
        try (SharedBarrier b = barrier(3, null)) {
            FutureTask<Integer> other = start(b::await);
            awaitWaiting(b, 1);
            assertThrows(TimeoutException.class, () -> b.await(30, TimeUnit.MILLISECONDS));
            assertFails(BrokenBarrierException.class, other);
            assertTrue(b.isBroken());
            assertEquals(SyncState.INCONSISTENT, b.status().state());
            assertThrows(BrokenBarrierException.class, b::await);
            assertThrows(BrokenBarrierException.class, () -> b.await(1, TimeUnit.SECONDS));
            b.reset();
            assertFalse(b.isBroken());
            assertThrows(TimeoutException.class, () -> b.await(0, TimeUnit.SECONDS));
            assertTrue(b.isBroken());
        }
    }

    @Test
    void shouldBreakWhenOneIsInterrupted() throws Exception {
        try (SharedBarrier b = barrier(2, null)) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, b::await);
            assertFalse(Thread.currentThread().isInterrupted());
            assertTrue(b.isBroken());
            b.reset();
            SharedBarrier same = barrier(2, null);
            FutureTask<Integer> task = new FutureTask<>(same::await);
            Thread waiter = new Thread(task);
            waiter.start();
            awaitWaiting(b, 1);
            waiter.interrupt();
            assertFails(InterruptedException.class, task);
            assertTrue(b.isBroken());
            same.close();
        }
    }

    @Test
    void shouldTellWhoWaitsWhenItIsReset() throws Exception {
        try (SharedBarrier b = barrier(2, null)) {
            b.reset();
            FutureTask<Integer> waiting = start(b::await);
            awaitWaiting(b, 1);
            b.reset();
            assertFails(BrokenBarrierException.class, waiting);
            assertFalse(b.isBroken());
            FutureTask<Integer> again = start(b::await);
            assertTrue(b.await() + again.get(20, TimeUnit.SECONDS) == 1);
        }
    }

    @Test
    void shouldBreakWhenTheActionFails() throws Exception {
        SharedBarrier[] self = new SharedBarrier[1];
        List<Throwable> inside = new ArrayList<>();
        try (SharedBarrier b = barrier(2, () -> {
            assertFalse(self[0].isBroken());
            inside.add(assertThrows(IllegalStateException.class, self[0]::await));
            inside.add(assertThrows(IllegalStateException.class, self[0]::close));
            throw new ArithmeticException("as wanted");
        })) {
            self[0] = b;
            FutureTask<Integer> other = start(b::await);
            awaitWaiting(b, 1);
            assertThrows(ArithmeticException.class, b::await);
            assertEquals(2, inside.size());
            assertFails(BrokenBarrierException.class, other);
            assertTrue(b.isBroken());
        }
    }

    @Test
    void shouldBreakForTheOthersWhenOneCloses() throws Exception {
        try (SharedBarrier b = barrier(3, null)) {
            SharedBarrier leaves = barrier(3, null);
            FutureTask<Integer> stays = start(b::await);
            FutureTask<Integer> goes = start(leaves::await);
            awaitWaiting(b, 2);
            leaves.close();
            leaves.close();
            assertFails(ChannelClosedException.class, goes);
            assertFails(BrokenBarrierException.class, stays);
            assertThrows(ChannelClosedException.class, leaves::await);
        }
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> barrier(0, null));
        assertThrows(IllegalArgumentException.class, () -> barrier(-1, null));
        assertThrows(IllegalArgumentException.class, () -> barrier(513, null));
        try (SharedBarrier b = barrier(1, null)) {
            assertEquals(1, b.getParties());
            assertThrows(IncompatibleChannelException.class, () -> barrier(2, null));
            assertThrows(IncompatibleChannelException.class, () -> SharedSemaphore.open(scope.name("b")));
        }
    }
}

package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What lets threads wait for something that happens, within one process. */
@IpcDir
class LatchAndEventTest {
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

    private static void assertClosed(FutureTask<?> task) {
        ExecutionException ended = assertThrows(ExecutionException.class, () -> task.get(20, TimeUnit.SECONDS));
        assertInstanceOf(ChannelClosedException.class, ended.getCause());
    }

    private SharedCountDownLatch latch(int count) {
        return SharedCountDownLatch.named(scope.name("l"), count);
    }

    private static FutureTask<Boolean> awaits(SharedCountDownLatch latch) {
        return start(() -> {
            latch.await();
            return latch.await(0, TimeUnit.SECONDS);
        });
    }

    @Test
    void shouldOpenWhenTheCountIsZero() throws Exception {
        try (SharedCountDownLatch l = latch(3)) {
            List<FutureTask<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tasks.add(awaits(l));
            }
            Await.until(LONG, "they wait", () -> l.status().waiters().size() == 4);
            assertFalse(l.await(0, TimeUnit.SECONDS));
            assertFalse(l.await(-1, TimeUnit.SECONDS));
            assertFalse(l.await(20, TimeUnit.MILLISECONDS));
            l.countDown();
            l.countDown();
            assertEquals(1, l.getCount());
            assertEquals(1, l.status().count());
            assertEquals(4, l.status().waiters().size());
            l.countDown();
            for (FutureTask<Boolean> task : tasks) {
                assertTrue(task.get(20, TimeUnit.SECONDS));
            }
            l.countDown();
            assertEquals(0, l.getCount());
            l.await();
            assertTrue(l.await(-1, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldHeedInterruptsAndClosingAtALatch() throws Exception {
        try (SharedCountDownLatch l = latch(Integer.MAX_VALUE)) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, l::await);
            FutureTask<Boolean> task = new FutureTask<>(() -> l.await(20, TimeUnit.SECONDS));
            Thread waiter = new Thread(task);
            waiter.start();
            Await.until(LONG, "it waits", () -> l.status().waiters().size() == 1);
            waiter.interrupt();
            assertInstanceOf(InterruptedException.class,
                    assertThrows(ExecutionException.class, () -> task.get(20, TimeUnit.SECONDS)).getCause());
            SharedCountDownLatch same = SharedCountDownLatch.open(scope.name("l"));
            FutureTask<Boolean> closed = awaits(same);
            Await.until(LONG, "it waits", () -> l.status().waiters().size() == 1);
            same.close();
            assertClosed(closed);
            assertThrows(ChannelClosedException.class, same::countDown);
            assertThrows(IncompatibleChannelException.class, () -> latch(2));
            assertThrows(IllegalArgumentException.class, () -> latch(-1));
        }
        try (SharedCountDownLatch l = latch(0)) {
            l.await();
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, l::await, "also if it is open");
        }
    }

    private static FutureTask<Boolean> awaits(SharedEvent event) {
        return start(() -> {
            event.await();
            return true;
        });
    }

    private static void awaitWaiters(SharedEvent event, int count) {
        Await.until(LONG, count + " wait", () -> event.status().waiters().size() == count);
    }

    @Test
    void shouldLetAllPassUntilCleared() throws Exception {
        try (SharedEvent e = SharedEvent.manual(scope.name("e"))) {
            assertFalse(e.isAuto());
            assertFalse(e.isSet());
            assertFalse(e.clear());
            assertFalse(e.await(0, TimeUnit.SECONDS));
            assertFalse(e.await(20, TimeUnit.MILLISECONDS));
            for (int round = 0; round < 50; round++) {
                List<FutureTask<Boolean>> tasks = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    tasks.add(awaits(e));
                }
                awaitWaiters(e, 3);
                // Those who waited then pass, also if they wake up too late to see it set.
                e.set();
                assertTrue(e.clear());
                for (FutureTask<Boolean> task : tasks) {
                    assertTrue(task.get(20, TimeUnit.SECONDS));
                }
                assertFalse(e.await(0, TimeUnit.SECONDS));
            }
            e.set();
            e.set();
            e.await();
            assertTrue(e.await(-1, TimeUnit.SECONDS));
            assertEquals(1, e.status().count());
        }
    }

    @Test
    void shouldLetOnePassAndClearItself() throws Exception {
        try (SharedEvent e = SharedEvent.auto(scope.name("e"))) {
            assertTrue(e.isAuto());
            e.set();
            e.set();
            assertTrue(e.isSet());
            e.await();
            assertFalse(e.isSet());
            assertFalse(e.await(20, TimeUnit.MILLISECONDS));
            e.set();
            assertTrue(e.clear());
            assertFalse(e.clear());
            AtomicInteger passed = new AtomicInteger();
            List<FutureTask<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                tasks.add(start(() -> {
                    e.await();
                    return passed.incrementAndGet();
                }));
            }
            awaitWaiters(e, 3);
            for (int i = 1; i <= 3; i++) {
                e.set();
                int left = 3 - i;
                awaitWaiters(e, left);
                Await.until(LONG, "one more has passed", () -> passed.get() == 3 - left);
            }
            for (FutureTask<Integer> task : tasks) {
                assertTrue(task.get(20, TimeUnit.SECONDS) <= 3);
            }
            assertFalse(e.isSet());
        }
    }

    @Test
    void shouldHeedInterruptsAndClosingAtAnEvent() throws Exception {
        for (boolean auto : new boolean[] {false, true}) {
            String name = scope.name("e" + auto);
            SharedEvent e = auto ? SharedEvent.auto(name) : SharedEvent.manual(name);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, e::await);
            FutureTask<Boolean> task = awaits(e);
            awaitWaiters(e, 1);
            assertThrows(IncompatibleChannelException.class,
                    () -> (auto ? SharedEvent.manual(SharedSegment.posix(name)) : SharedEvent.auto(
                            SharedSegment.posix(name))).open());
            e.close();
            assertClosed(task);
            assertThrows(ChannelClosedException.class, e::set);
            assertThrows(ChannelClosedException.class, e::clear);
            assertThrows(ChannelClosedException.class, e::await);
        }
    }
}

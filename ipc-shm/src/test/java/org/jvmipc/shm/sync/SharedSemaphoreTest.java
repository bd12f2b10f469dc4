package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What the Javadoc of {@link java.util.concurrent.Semaphore} says, within one process. */
@IpcDir
class SharedSemaphoreTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    @AfterEach
    void sweep() {
        LifeSign.sweep();
    }

    private SharedSemaphore semaphore(int permits, boolean fair) {
        SyncBuilder<SharedSemaphore> builder = SharedSemaphore.in(SharedSegment.posix(scope.name("s")), permits);
        return fair ? builder.fair().openOrCreate() : builder.openOrCreate();
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task).start();
        return task;
    }

    private static FutureTask<Void> acquires(SharedSemaphore semaphore, int count) {
        return start(() -> {
            semaphore.acquire(count);
            return null;
        });
    }

    private static void awaitQueue(SharedSemaphore semaphore, int length) {
        Await.until(LONG, length + " wait", () -> semaphore.getQueueLength() == length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCount(boolean fair) throws Exception {
        try (SharedSemaphore s = semaphore(2, fair)) {
            assertEquals(fair, s.isFair());
            s.acquire();
            s.acquireUninterruptibly();
            assertFalse(s.tryAcquire());
            assertFalse(s.tryAcquire(0, TimeUnit.SECONDS));
            assertFalse(s.tryAcquire(-1, TimeUnit.SECONDS));
            assertFalse(s.tryAcquire(20, TimeUnit.MILLISECONDS));
            s.release();
            assertTrue(s.tryAcquire());
            s.release(5);
            assertEquals(5, s.availablePermits());
            assertFalse(s.tryAcquire(6));
            assertTrue(s.tryAcquire(2, 1, TimeUnit.SECONDS));
            assertEquals(3, s.status().count());
            assertEquals(3, s.drainPermits());
            assertEquals(0, s.drainPermits());
            s.reducePermits(4);
            assertEquals(-4, s.availablePermits());
            assertFalse(s.tryAcquire(0));
            assertEquals(-4, s.drainPermits());
            s.acquire(0);
            assertTrue(s.tryAcquire(0));
            assertEquals(0, s.availablePermits());
            assertEquals(1, s.participants().size());
        }
    }

    @Test
    void shouldRefuseWhatTheJdkRefuses() {
        try (SharedSemaphore s = semaphore(-1, false)) {
            assertEquals(-1, s.availablePermits());
            assertThrows(IllegalArgumentException.class, () -> s.acquire(-1));
            assertThrows(IllegalArgumentException.class, () -> s.acquireUninterruptibly(-1));
            assertThrows(IllegalArgumentException.class, () -> s.tryAcquire(-1));
            assertThrows(IllegalArgumentException.class, () -> s.tryAcquire(-1, 1, TimeUnit.SECONDS));
            assertThrows(IllegalArgumentException.class, () -> s.release(-1));
            assertThrows(IllegalArgumentException.class, () -> s.reducePermits(-1));
            s.release(Integer.MAX_VALUE);
            s.release(1);
            Error tooMany = assertThrows(Error.class, () -> s.release(1));
            assertEquals("Maximum permit count exceeded", tooMany.getMessage());
            assertEquals(Integer.MAX_VALUE, s.availablePermits());
            assertEquals(Integer.MAX_VALUE, s.drainPermits());
            s.reducePermits(Integer.MAX_VALUE);
            s.reducePermits(1);
            assertEquals("Permit count underflow",
                    assertThrows(Error.class, () -> s.reducePermits(1)).getMessage());
            assertFalse(s.tryAcquire(Integer.MAX_VALUE));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHeedInterruptsOrKeepThem(boolean fair) throws Exception {
        try (SharedSemaphore s = semaphore(0, fair)) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, s::acquire);
            assertFalse(Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> s.tryAcquire(1, TimeUnit.SECONDS));
            CountDownLatch again = new CountDownLatch(1);
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                assertThrows(InterruptedException.class, () -> s.acquire(2));
                again.countDown();
                s.acquireUninterruptibly();
                return Thread.currentThread().isInterrupted();
            });
            Thread waiter = new Thread(task);
            waiter.start();
            awaitQueue(s, 1);
            assertEquals(waiter.getId(), s.status().waiters().get(0).thread());
            waiter.interrupt();
            assertTrue(again.await(20, TimeUnit.SECONDS));
            awaitQueue(s, 1);
            waiter.interrupt();
            s.release();
            assertTrue(task.get(20, TimeUnit.SECONDS));
            assertEquals(0, s.availablePermits());
            assertFalse(s.hasQueuedThreads());
        }
    }

    /** Those in the queue get theirs in their order; one that wants much is not passed by one that wants little. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldServeInOrder(boolean fair) throws Exception {
        try (SharedSemaphore s = semaphore(0, fair)) {
            List<FutureTask<Void>> tasks = new ArrayList<>();
            int[] wants = {3, 1, 200, 2};
            for (int i = 0; i < wants.length; i++) {
                tasks.add(acquires(s, wants[i]));
                awaitQueue(s, i + 1);
            }
            s.release(2);
            assertThrows(TimeoutException.class, () -> tasks.get(1).get(600, TimeUnit.MILLISECONDS));
            assertEquals(wants.length, s.getQueueLength());
            // Untimed tries barge, fair or not, and timed ones do not in a fair one.
            assertTrue(s.tryAcquire(2));
            s.release(2);
            assertEquals(!fair, s.tryAcquire(2, 1, TimeUnit.MILLISECONDS));
            for (int i = 0; i < wants.length; i++) {
                s.release(wants[i] - s.availablePermits());
                tasks.get(i).get(20, TimeUnit.SECONDS);
                assertEquals(wants.length - 1 - i, s.getQueueLength());
            }
            assertEquals(0, s.availablePermits());
        }
    }

    /** One release of many serves many, and one that gives up does not keep those behind it waiting. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPassOn(boolean fair) throws Exception {
        try (SharedSemaphore s = semaphore(0, fair)) {
            FutureTask<Boolean> much = start(() -> s.tryAcquire(100, 300, TimeUnit.MILLISECONDS));
            awaitQueue(s, 1);
            List<FutureTask<Void>> little = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                little.add(acquires(s, 1));
            }
            awaitQueue(s, 9);
            s.release(8);
            assertFalse(much.get(20, TimeUnit.SECONDS));
            for (FutureTask<Void> task : little) {
                task.get(20, TimeUnit.SECONDS);
            }
            assertEquals(0, s.availablePermits());
        }
    }

    @Test
    void shouldNeverGiveMoreThanThereIs() throws Exception {
        try (SharedSemaphore s = semaphore(3, false)) {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<FutureTask<Void>> tasks = new ArrayList<>();
            for (int t = 0; t < 6; t++) {
                tasks.add(start(() -> {
                    for (int i = 0; i < 3_000; i++) {
                        s.acquire();
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                        s.release();
                    }
                    return null;
                }));
            }
            for (FutureTask<Void> task : tasks) {
                task.get(20, TimeUnit.SECONDS);
            }
            assertTrue(most.get() <= 3, "at most " + most);
            assertEquals(3, s.availablePermits());
            assertTrue(s.status().holders().isEmpty(), s.status().toString());
        }
    }

    @Test
    void shouldEndWaitingWhenClosed() throws Exception {
        try (SharedSemaphore other = semaphore(0, false)) {
            SharedSemaphore s = semaphore(0, false);
            FutureTask<Void> waiting = acquires(s, 1);
            awaitQueue(s, 1);
            s.close();
            s.close();
            ExecutionException ended =
                    assertThrows(ExecutionException.class, () -> waiting.get(20, TimeUnit.SECONDS));
            assertTrue(ended.getCause() instanceof ChannelClosedException, ended.toString());
            assertThrows(ChannelClosedException.class, s::acquire);
            assertThrows(ChannelClosedException.class, s::tryAcquire);
            assertThrows(ChannelClosedException.class, s::release);
            assertThrows(ChannelClosedException.class, s::status);
            other.release();
            other.acquire();
        }
    }

    @Test
    void shouldOpenWhatIsThereAndRefuseWhatIsAnother() {
        String name = scope.name("s");
        assertThrows(ChannelNotFoundException.class, () -> SharedSemaphore.open(name));
        try (SharedSemaphore s = SharedSemaphore.named(name, 7);
                SharedSemaphore again = SharedSemaphore.open(name)) {
            assertTrue(again.tryAcquire(7));
            assertEquals(0, s.availablePermits());
            IncompatibleChannelException other =
                    assertThrows(IncompatibleChannelException.class, () -> SharedSemaphore.named(name, 8));
            assertTrue(other.getMessage().contains("7") && other.getMessage().contains("8"), other.getMessage());
            assertThrows(IncompatibleChannelException.class,
                    () -> SharedSemaphore.in(SharedSegment.posix(name), 7).fair().open());
            assertThrows(IncompatibleChannelException.class, () -> SharedLock.named(name));
        }
    }

    @Test
    void shouldRoundNeedsUp() {
        for (int permits : new int[] {0, 1, 127, 128, 129, 255, 256, 257, 1 << 30, Integer.MAX_VALUE}) {
            int code = Permits.needCode(permits);
            assertTrue(code >= 0 && code <= WaitState.DETAIL_MASK, permits + " has " + code);
            assertTrue(Permits.need(code) >= permits, permits + " became " + Permits.need(code));
            assertTrue(Permits.need(code) <= Math.max(127, 2L * permits), permits + " became " + Permits.need(code));
        }
    }
}

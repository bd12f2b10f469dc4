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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What is no lock, between processes, some of which die or stand still. */
@IpcDir
class PrimitivesTwoJvmTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    @AfterEach
    void sweep() {
        LifeSign.sweep();
    }

    private ChildJvm child(Object... args) {
        return scope.track(ChildJvm.of(PrimitivePeer.class).jvmArgs("-Xmx32m").args(args).start());
    }

    private static void kill(ChildJvm child) {
        child.kill();
        child.awaitDeath(LONG);
    }

    private static void end(ChildJvm child) {
        child.send("end");
        assertEquals(0, child.awaitExit());
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task).start();
        return task;
    }

    private SharedSemaphore semaphore(int permits, boolean fair) {
        SyncBuilder<SharedSemaphore> builder = SharedSemaphore.in(SharedSegment.posix(scope.name("s")), permits);
        return fair ? builder.fair().create() : builder.create();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSharePermits(boolean fair) throws Exception {
        try (SharedSemaphore s = semaphore(2, fair)) {
            ChildJvm child = child("semaphore", scope.name("s"), 2, 1);
            child.expect("has");
            assertFalse(s.tryAcquire());
            SyncHolder holder = s.status().holders().get(0);
            assertEquals(child.pid(), holder.process().pid());
            assertEquals(2, holder.holds());
            FutureTask<Boolean> waiting = start(() -> s.tryAcquire(10, TimeUnit.SECONDS));
            Await.until(LONG, "it waits", s::hasQueuedThreads);
            child.send("give back");
            child.expect("gave back");
            assertTrue(waiting.get(20, TimeUnit.SECONDS));
            assertEquals(1, s.availablePermits());
            end(child);
        }
    }

    /** The first is stopped, then dead, while there are permits for it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseNoPermitToAWaiterThatIsStoppedOrDead(boolean fair) throws Exception {
        try (SharedSemaphore s = semaphore(0, fair)) {
            ChildJvm first = child("semaphore", scope.name("s"), 1, 1);
            Await.until(LONG, "it waits", () -> s.getQueueLength() == 1);
            first.stop();
            FutureTask<Boolean> second = start(() -> s.tryAcquire(10, TimeUnit.SECONDS));
            Await.until(LONG, "the second waits", () -> s.getQueueLength() == 2);
            s.release();
            assertTrue(second.get(20, TimeUnit.SECONDS), "it goes past one that is stopped");
            FutureTask<Boolean> third = start(() -> s.tryAcquire(10, TimeUnit.SECONDS));
            Await.until(LONG, "the third waits", () -> s.getQueueLength() == 2);
            s.release();
            kill(first);
            assertTrue(third.get(20, TimeUnit.SECONDS));
            Await.until(LONG, "nothing is left of the dead one", () -> !tryForAMoment(s) && !s.hasQueuedThreads());
        }
    }

    private static boolean tryForAMoment(SharedSemaphore s) {
        try {
            return s.tryAcquire(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    @Test
    void shouldGiveBackWhatTheDeadHad() throws Exception {
        try (SharedSemaphore s = semaphore(5, false)) {
            ChildJvm dead = child("semaphore", scope.name("s"), 2, 1);
            dead.expect("has");
            kill(dead);
            // Its place goes to the next, and what it had is kept in mind all the same.
            ChildJvm next = child("semaphore", scope.name("s"), 3, 1);
            next.expect("has");
            assertEquals(0, s.availablePermits());
            assertEquals(2, s.releaseAbandoned());
            assertEquals(0, s.releaseAbandoned());
            kill(next);
            assertEquals(3, s.releaseAbandoned());
            assertEquals(5, s.availablePermits());
        }
    }

    /**
     * Some threads have permits then, some wait, and some are about to take one or to give one back. That is no death:
     * nothing is missing afterwards, and nothing comes twice.
     */
    @Test
    void shouldNeitherLoseNorDoubleAPermitWhenAProcessEndsInOrder() throws Exception {
        int count = 12;
        List<SharedSemaphore> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SyncBuilder<SharedSemaphore> builder = SharedSemaphore.in(SharedSegment.posix(scope.name("s") + i), 5);
            all.add(scope.track(i % 3 == 0 ? builder.fair().create() : builder.create()));
        }
        ChildJvm child = child("ends", scope.name("s"), count, 3);
        child.expect("at work");
        Await.until(LONG, "they wait", () -> all.stream().filter(SharedSemaphore::hasQueuedThreads).count() >= 3);
        FutureTask<Boolean> waits = start(() -> all.get(1).tryAcquire(5, 20, TimeUnit.SECONDS));
        child.send("end");
        assertEquals(3, child.awaitExit());
        for (SharedSemaphore s : all) {
            int given = s.releaseAbandoned();
            assertTrue(given >= 2, s + ", " + given + " of them abandoned");
            if (s == all.get(1)) {
                assertTrue(waits.get(20, TimeUnit.SECONDS));
                s.release(5);
            }
            assertEquals(5, s.availablePermits(), s.name());
            // That removes from the queue whom nobody has seen leave.
            assertTrue(s.tryAcquire(5, 20, TimeUnit.SECONDS));
            assertFalse(s.tryAcquire(100, TimeUnit.MILLISECONDS));
            assertFalse(s.hasQueuedThreads());
            s.release(5);
            assertEquals(0, s.releaseAbandoned());
        }
    }

    /** Processes die in the middle of queueing, and take no permit and no signal with them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseNothingToThoseWhoDieQueueing(boolean fair) {
        try (SharedSemaphore s = semaphore(1, fair)) {
            List<ChildJvm> children = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                children.add(child("semaphore", scope.name("s"), 1, fair ? 2_000 : 20_000));
            }
            for (int i = 0; i < 2; i++) {
                ChildJvm victim = child("hopeless", scope.name("s"), 2);
                victim.expect("tries");
                kill(victim);
            }
            children.forEach(child -> child.expect("gave back"));
            children.forEach(PrimitivesTwoJvmTest::end);
            assertEquals(1, s.availablePermits());
        }
    }

    @Test
    void shouldOpenALatchForAll() throws Exception {
        String name = scope.name("l");
        try (SharedCountDownLatch latch = SharedCountDownLatch.named(name, 4)) {
            ChildJvm dead = child("latch", name);
            ChildJvm living = child("latch", name);
            Await.until(LONG, "both wait", () -> latch.status().waiters().size() == 2);
            assertEquals(2, latch.getCount());
            kill(dead);
            FutureTask<Boolean> own = start(() -> latch.await(20, TimeUnit.SECONDS));
            latch.countDown();
            latch.countDown();
            living.expect("passed at 0");
            assertTrue(own.get(20, TimeUnit.SECONDS));
            end(living);
        }
    }

    /** The first is stopped, then dead, when the event is set. */
    @Test
    void shouldLoseNoEventToAWaiterThatIsStoppedOrDead() throws Exception {
        String name = scope.name("e");
        try (SharedEvent event = SharedEvent.auto(name)) {
            ChildJvm first = child("event", name);
            Await.until(LONG, "it waits", () -> event.status().waiters().size() == 1);
            ChildJvm second = child("event", name);
            Await.until(LONG, "both wait", () -> event.status().waiters().size() == 2);
            first.stop();
            event.set();
            second.expect("passed");
            FutureTask<Boolean> third = start(() -> event.await(20, TimeUnit.SECONDS));
            Await.until(LONG, "the third waits", () -> event.status().waiters().size() == 2);
            event.set();
            kill(first);
            assertTrue(third.get(20, TimeUnit.SECONDS));
            assertFalse(event.await(200, TimeUnit.MILLISECONDS), "it was used once");
            end(second);
        }
    }

    @Test
    void shouldMeetAtABarrier() throws Exception {
        String name = scope.name("b");
        int rounds = 500;
        try (SharedBarrier barrier = SharedBarrier.named(name, 3)) {
            ChildJvm one = child("barrier", name, 3, rounds);
            ChildJvm other = child("barrier", name, 3, rounds);
            int[] seen = new int[3];
            for (int i = 0; i < rounds; i++) {
                seen[barrier.await(20, TimeUnit.SECONDS)]++;
            }
            assertEquals(rounds, seen[0] + seen[1] + seen[2]);
            one.expect("passed");
            other.expect("passed");
            assertFalse(barrier.isBroken());
            end(one);
            end(other);
        }
    }

    @Test
    void shouldBreakWhenAPartyDiesThatWaits() {
        String name = scope.name("b");
        try (SharedBarrier barrier = SharedBarrier.named(name, 3)) {
            ChildJvm told = child("barrier", name, 3, 1);
            ChildJvm dies = child("barrier", name, 3, 1);
            Await.until(LONG, "both wait", () -> barrier.getNumberWaiting() == 2);
            dies.stop();
            assertFalse(barrier.isBroken(), "one that is stopped is alive");
            long killed = System.currentTimeMillis();
            kill(dies);
            String broken = told.expect("broken at ");
            long noticed = Long.parseLong(broken.substring("broken at ".length())) - killed;
            assertTrue(noticed < 2_000, "noticed after " + noticed + " ms");
            assertTrue(barrier.isBroken());
            assertThrows(BrokenBarrierException.class, barrier::await);
            end(told);
            barrier.reset();
            ChildJvm again = child("barrier", name, 3, 1);
            FutureTask<Integer> own = start(barrier::await);
            Await.until(LONG, "both wait", () -> barrier.getNumberWaiting() == 2);
            assertEquals(0, awaitNow(barrier));
            again.expect("passed");
            end(again);
            assertTrue(own.isDone() || Await.value(LONG, "it passes", () -> own.isDone() ? true : null));
        }
    }

    private static int awaitNow(SharedBarrier barrier) {
        try {
            return barrier.await();
        } catch (InterruptedException | BrokenBarrierException never) {
            throw new IllegalStateException(never);
        }
    }

    /** It has the barrier open, has perhaps come before, and those who wait now would do so for ever. */
    @Test
    void shouldBreakWhenAPartyDiesThatHasNotCome() throws Exception {
        String name = scope.name("b");
        List<Long> millis = new ArrayList<>();
        try (SharedBarrier barrier = SharedBarrier.named(name, 2)) {
            for (int i = 0; i < 3; i++) {
                ChildJvm party = child("party", name, 2, i);
                for (int generation = 0; generation < i; generation++) {
                    barrier.await(20, TimeUnit.SECONDS);
                }
                party.expect("stays away");
                FutureTask<Long> told = waiting(barrier);
                party.stop();
                assertThrows(TimeoutException.class, () -> told.get(250, TimeUnit.MILLISECONDS),
                        "one that is stopped is alive");
                long killed = System.nanoTime();
                party.kill();
                millis.add(TimeUnit.NANOSECONDS.toMillis(told.get(20, TimeUnit.SECONDS) - killed));
                assertThrows(BrokenBarrierException.class, barrier::await);
                barrier.reset();
            }
            assertFalse(barrier.isBroken());
        }
        Collections.sort(millis);
        assertTrue(millis.get(1) <= 200, "noticed after " + millis + " ms");
    }

    /** Starts to wait; tells when it was told that the barrier broke. */
    private static FutureTask<Long> waiting(SharedBarrier barrier) {
        FutureTask<Long> told = start(() -> {
            assertThrows(BrokenBarrierException.class, barrier::await);
            return System.nanoTime();
        });
        Await.until(LONG, "it waits", () -> barrier.getNumberWaiting() == 1);
        return told;
    }

    /** Ending without closing is no way to leave, closing is. */
    @Test
    void shouldTellAPartyThatLeavesFromOneThatIsGone() throws Exception {
        String name = scope.name("b");
        try (SharedBarrier barrier = SharedBarrier.named(name, 2)) {
            ChildJvm closes = child("party", name, 2, 0);
            ChildJvm ends = child("party", name, 2, 0);
            ChildJvm dies = child("party", name, 2, 0);
            for (ChildJvm party : List.of(closes, ends, dies)) {
                party.expect("stays away");
            }
            closes.send("close");
            closes.expect("closed");
            FutureTask<Long> told = waiting(barrier);
            end(closes);
            assertThrows(TimeoutException.class, () -> told.get(250, TimeUnit.MILLISECONDS));
            end(ends);
            told.get(20, TimeUnit.SECONDS);
            barrier.reset();
            // Nobody waits now, but whoever comes would.
            kill(dies);
            assertThrows(BrokenBarrierException.class, barrier::await);
            assertTrue(barrier.isBroken());
            barrier.reset();
            assertFalse(barrier.isBroken());
        }
    }

    @Test
    void shouldBreakWhenAPartyDiesThatActs() {
        String name = scope.name("b");
        try (SharedBarrier barrier = SharedBarrier.named(name, 2)) {
            FutureTask<Integer> waits = start(barrier::await);
            Await.until(LONG, "it waits", () -> barrier.getNumberWaiting() == 1);
            ChildJvm dies = child("action", name, 2);
            dies.expect("acts");
            assertEquals(dies.pid(), barrier.status().holders().get(0).process().pid());
            kill(dies);
            ExecutionException told = assertThrows(ExecutionException.class, () -> waits.get(20, TimeUnit.SECONDS));
            assertInstanceOf(BrokenBarrierException.class, told.getCause());
            assertTrue(barrier.isBroken());
            barrier.reset();
            assertFalse(barrier.isBroken());
        }
    }

    /** Writers are killed at any moment, and what they leave is whole and can be written on. */
    @Test
    void shouldKeepARecordWholeWhenWritersDie() {
        String name = scope.name("r");
        try (SharedAtomicReference<SharedAtomicsTest.Four> r =
                SharedAtomicReference.named(name, SharedAtomicsTest.codec())) {
            r.set(SharedAtomicsTest.Four.of(0));
            for (int i = 0; i < 2; i++) {
                long before = r.get().a();
                ChildJvm writer = child("write", name);
                writer.expect("writes");
                Await.until(LONG, "it has written", () -> r.get().a() > before + 1_000);
                kill(writer);
                SharedAtomicsTest.Four left = r.get();
                assertTrue(left.isWhole(), left.toString());
                assertEquals(left.a() + 1, r.updateAndGet(f -> SharedAtomicsTest.Four.of(f.a() + 1)).a());
            }
        }
    }
}

package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Locks between processes, some of which die or stand still, while others go on. */
@IpcDir
class LockTwoJvmTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    /** How often each process counts; with a million the loops are long ones. */
    private static final int TIMES = Integer.getInteger("jvmipc.test.sections", 10_000);
    private static final int KILLS = Math.max(5, TIMES / 20_000);

    private static final List<String> ALL =
            List.of("plain", "fair", "reentrant", "reentrant-fair", "write", "write-fair");
    /** What is counted under; by default, all that excludes. */
    private static final List<String> COUNTED =
            List.of(System.getProperty("jvmipc.test.locks", String.join(",", Section.KINDS)).split(","));
    private static final List<String> SOME = List.of("plain", "reentrant-fair", "write");

    @IpcDir
    private IpcScope scope;

    @AfterEach
    void sweep() {
        LifeSign.sweep();
    }

    private ChildJvm child(Object... args) {
        return LockChildren.start(scope, args);
    }

    private String name(String kind) {
        return LockChildren.name(scope, kind);
    }

    @Test
    void shouldExcludeAnotherProcessAndShowIt() {
        ChildJvm child = child();
        LockChildren.each(scope, ALL, (kind, lock) -> {
            child.send("hold " + kind + " " + name(kind));
            String prefix = "holds " + kind + " #";
            long thread = Long.parseLong(child.expect(prefix).substring(prefix.length()));
            assertTrue(lock.isLocked());
            assertFalse(lock.isHeldByCurrentThread());
            assertFalse(lock.tryLock());
            assertFalse(LockPeer.tryFor(lock, 30));
            SyncHolder holder = lock.status().holders().get(0);
            assertEquals(child.pid(), holder.process().pid());
            assertEquals(thread, holder.thread());
            IpcTimeoutException late =
                    assertThrows(IpcTimeoutException.class, () -> lock.acquire(Duration.ofMillis(20)));
            assertTrue(late.getMessage().contains("pid " + child.pid()), late.getMessage());
            CountDownLatch end = new CountDownLatch(1);
            Thread waiter = new Thread(() -> holdUntil(lock, end), "one-that-waits");
            waiter.start();
            Await.until(LONG, "it waits", () -> lock.getQueueLength() == 1);
            assertEquals("one-that-waits", lock.status().waiters().get(0).threadName());
            assertTrue(lock.hasQueuedThread(waiter));
            child.send("go");
            child.expect("released " + kind);
            Await.until(LONG, "it holds", () -> isHeldBy(lock, waiter));
            assertThrows(IllegalStateException.class, lock::close);
            assertThrows(IllegalMonitorStateException.class, lock::unlock);
            assertFalse(lock.tryLock());
            end.countDown();
            waiter.join(LONG.toMillis());
            assertTrue(lock.tryLock());
            lock.unlock();
        });
        LockChildren.end(child);
    }

    private static boolean isHeldBy(AbstractSharedLock lock, Thread thread) {
        return lock.status().holders().stream().anyMatch(holder -> holder.thread() == thread.getId());
    }

    private static void holdUntil(AbstractSharedLock lock, CountDownLatch end) {
        lock.lock();
        try {
            end.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Test
    void shouldTakeNothingFromAStoppedHolder() throws Exception {
        String name = scope.name("lock");
        try (SharedLock lock = SharedLock.named(name)) {
            ChildJvm holder = child("hold", "plain", name);
            holder.expect("holds");
            holder.stop();
            assertEquals(0, lock.status().holders().get(0).heldMillis(), "nobody has waited");
            assertNamesHolder(holder, 500, 600, lock);
            // The next one does not wait for so long, and knows it from the one before.
            assertNamesHolder(holder, 600, 50, lock);
            SyncHolder shown = lock.status().holders().get(0);
            assertTrue(shown.heldMillis() >= 600, shown.toString());
            assertStarted(holder, shown.started());
            holder.cont();
            holder.send("go");
            try (LockGuard guard = lock.acquire(LONG)) {
                assertFalse(guard.ownerDied());
            }
            LockChildren.end(holder);
        }
    }

    private static void assertNamesHolder(ChildJvm holder, long least, long wait, SharedLock lock) {
        String message = assertThrows(IpcTimeoutException.class, () -> lock.acquire(Duration.ofMillis(wait)))
                .getMessage();
        Matcher matcher = Pattern.compile("pid (\\d+) .*, started ([^,]*), thread #\\d+, for at least (\\d+) ms")
                .matcher(message);
        assertTrue(matcher.find(), message);
        assertEquals(holder.pid(), Long.parseLong(matcher.group(1)));
        assertStarted(holder, Instant.parse(matcher.group(2)));
        assertTrue(Long.parseLong(matcher.group(3)) >= least, message);
    }

    private static void assertStarted(ChildJvm child, Instant started) {
        Instant known = ProcessHandle.of(child.pid()).orElseThrow().info().startInstant().orElseThrow();
        assertTrue(Duration.between(started, known).abs().toMillis() < 2_000, started + " is not " + known);
    }

    /** Another hold by the same thread is another hold, and who waits for readers is told of theirs. */
    @Test
    void shouldTellHowLongSomebodyHasSeenTheSameHold() throws Exception {
        LockChildren.each(scope, List.of("plain", "fair", "write", "write-fair"), (kind, lock) -> {
            try (Threads threads = new Threads()) {
                lock.lock();
                Threads.Running<Boolean> waits = threads.queue(lock, 1, () -> {
                    lock.lock();
                    lock.unlock();
                    return true;
                });
                Await.until(LONG, "it is told", () -> lock.status().holders().get(0).heldMillis() >= 300);
                lock.unlock();
                assertTrue(waits.get());
                long began = System.currentTimeMillis();
                lock.lock();
                assertEquals(0, lock.status().holders().get(0).heldMillis());
                threads.queue(lock, 1, () -> {
                    lock.lock();
                    lock.unlock();
                    return true;
                });
                long held = lock.status().holders().get(0).heldMillis();
                assertTrue(held <= System.currentTimeMillis() - began, "not of the hold before: " + held);
                lock.unlock();
            }
        });
        String name = scope.name("lock");
        try (SharedReadWriteLock lock = SharedReadWriteLock.named(name); Threads threads = new Threads()) {
            ChildJvm reader = child("read", "write", name);
            reader.expect("reads");
            SyncHolder shown = lock.status().holders().get(0);
            assertEquals(reader.pid(), shown.process().pid());
            assertEquals(-1, shown.thread(), "readers are counted for each process");
            assertEquals(0, shown.heldMillis());
            threads.queue(lock.writeLock(), 1, () -> {
                lock.writeLock().lock();
                lock.writeLock().unlock();
                return null;
            });
            Await.until(LONG, "it is told", () -> lock.status().holders().get(0).heldMillis() >= 200);
            assertEquals(reader.pid(), lock.status().holders().get(0).process().pid());
            LockChildren.end(reader);
        }
    }

    /** The first in the queue is stopped, then dead; whoever stands behind it gets the lock all the same. */
    @Test
    void shouldPassAWaiterThatIsStoppedOrDead() {
        List<String> kinds = List.of("plain", "fair", "write-fair");
        ChildJvm first = child();
        List<Thread> seconds = new ArrayList<>();
        CountDownLatch end = new CountDownLatch(1);
        List<AbstractSharedLock> locks = new ArrayList<>();
        for (String kind : kinds) {
            AbstractSharedLock lock = scope.track(LockPeer.lock(kind, name(kind)));
            locks.add(lock);
            lock.lock();
            first.send("wait " + kind + " " + name(kind));
            Await.until(LONG, "the first waits", () -> lock.getQueueLength() == 1);
            Thread second = new Thread(() -> holdUntil(lock, end));
            second.start();
            seconds.add(second);
            Await.until(LONG, "the second waits", () -> lock.getQueueLength() == 2);
        }
        first.stop();
        locks.forEach(AbstractSharedLock::unlock);
        LockChildren.each(scope, kinds, (kind, any) -> {
            int i = kinds.indexOf(kind);
            Await.until(LONG, "the second holds it", () -> isHeldBy(locks.get(i), seconds.get(i)));
        });
        LockChildren.kill(first);
        end.countDown();
        LockChildren.each(scope, kinds, (kind, any) -> {
            AbstractSharedLock lock = locks.get(kinds.indexOf(kind));
            Thread third = new Thread(() -> holdUntil(lock, end));
            third.start();
            third.join(LONG.toMillis());
            assertFalse(third.isAlive());
            seconds.get(kinds.indexOf(kind)).join(LONG.toMillis());
            awaitRemoval(lock, first.pid());
        });
    }

    /** It is first in the queue, and signalled again and again, and the others need not wait for it each time. */
    @Test
    void shouldGoOnWhileAWaiterIsStopped() {
        ChildJvm first = child();
        LockChildren.each(scope, List.of("plain", "fair"), (kind, lock) -> {
            lock.lock();
            first.send("wait " + kind + " " + name(kind));
            Await.until(LONG, "it waits", () -> lock.getQueueLength() == 1);
            first.stop();
            lock.unlock();
            long start = System.nanoTime();
            int[] counter = new int[1];
            try (Threads threads = new Threads()) {
                for (int i = 0; i < 3; i++) {
                    threads.start(() -> {
                        for (int n = 0; n < 200; n++) {
                            lock.lock();
                            counter[0]++;
                            lock.unlock();
                        }
                        return null;
                    });
                }
            }
            assertEquals(600, counter[0]);
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10));
            assertEquals(1, lock.getQueueLength());
            first.cont();
            first.expect("holds " + kind);
        });
        LockChildren.end(first);
    }

    /** Who waits removes the dead. */
    private static void awaitRemoval(AbstractSharedLock lock, long dead) throws InterruptedException {
        lock.lock();
        Thread waiter = new Thread(() -> {
            lock.lock();
            lock.unlock();
        });
        waiter.start();
        Await.until(LONG, "the dead one is removed",
                () -> lock.status().waiters().stream().noneMatch(one -> one.process().pid() == dead));
        lock.unlock();
        waiter.join(LONG.toMillis());
        assertEquals(0, lock.getQueueLength());
    }

    @Test
    @Timeout(900)
    void shouldCountExactlyInFourProcesses() {
        List<ChildJvm> children = List.of(child(), child(), child(), child());
        for (String kind : COUNTED) {
            // Fair ones change hands each time, which takes some ten microseconds.
            int times = kind.endsWith("fair") && TIMES <= 10_000 ? TIMES / 10 : TIMES;
            try (Section section = Section.of(kind, name(kind));
                    SharedSegment data = SharedSegment.posix(name(kind) + "-data").create(LockPeer.DATA_SIZE)) {
                for (int i = 0; i < children.size(); i++) {
                    children.get(i).send("count " + kind + " " + name(kind) + " " + times + " " + i);
                }
                children.forEach(child -> child.expect("ready " + kind));
                children.forEach(child -> child.send("go"));
                children.forEach(child -> child.expect("done " + kind, Duration.ofSeconds(50 + TIMES / 1000)));
                assertEquals(4L * times, data.buffer().getLong(LockPeer.COUNTER), kind);
                assertTrue(section.isFree(), kind);
            }
        }
        children.forEach(LockChildren::end);
    }

    /** Each process counts under three locks at the same time, and may die in sections of all of them. */
    @Test
    @Timeout(900)
    void shouldCountWhatWasCompletedWhileProcessesAreKilled() {
        Random random = new Random(42);
        List<SharedSegment> data = new ArrayList<>();
        for (String kind : SOME) {
            data.add(scope.track(SharedSegment.posix(name(kind) + "-data").create(LockPeer.DATA_SIZE)));
            scope.track(LockPeer.lock(kind, name(kind)));
        }
        List<ChildJvm> children = new ArrayList<>();
        int started = 0;
        // One more than work, as it takes a while until one can.
        ChildJvm next = child();
        for (int kills = 0; kills < KILLS; kills++) {
            while (children.size() < 3) {
                for (String kind : SOME) {
                    next.send("count " + kind + " " + name(kind) + " " + Integer.MAX_VALUE + " " + started);
                    next.expect("ready " + kind);
                }
                next.send("go");
                children.add(next);
                started++;
                next = child();
            }
            int newest = LockPeer.COMPLETED + (started - 1) * Long.BYTES;
            long enough = 50 + random.nextInt(300);
            Await.until(LONG, "the newest works",
                    () -> data.stream().allMatch(of -> of.buffer().getLong(newest) > enough));
            LockChildren.kill(children.remove(random.nextInt(children.size())));
        }
        children.forEach(LockChildren::kill);
        LockChildren.each(scope, SOME, (kind, lock) -> {
            ByteBuffer memory = data.get(SOME.indexOf(kind)).buffer();
            try (LockGuard guard = lock.acquire()) {
                if (guard.ownerDied()) {
                    LockPeer.repair(memory);
                    guard.markConsistent();
                }
                long counted = memory.getLong(LockPeer.COUNTER);
                LockPeer.repair(memory);
                assertEquals(memory.getLong(LockPeer.COUNTER), counted);
                assertTrue(counted > KILLS * 50L);
            }
        });
        LockChildren.end(next);
    }

    @Test
    void shouldCountADeadReaderNoMoreAndAStoppedOneStill() throws Exception {
        String name = scope.name("lock");
        try (SharedReadWriteLock lock = SharedReadWriteLock.named(name)) {
            ChildJvm dying = child("read", "write", name);
            ChildJvm stopped = child("read", "write", name);
            dying.expect("reads");
            stopped.expect("reads");
            assertEquals(2, lock.getReadLockCount());
            stopped.stop();
            LockChildren.kill(dying);
            assertThrows(IpcTimeoutException.class, () -> lock.writeLock().acquire(Duration.ofMillis(500)));
            assertEquals(1, lock.getReadLockCount());
            assertFalse(lock.isWriteLocked());
            lock.readLock().lock();
            lock.readLock().unlock();
            stopped.cont();
            stopped.send("end");
            try (LockGuard guard = lock.writeLock().acquire(LONG)) {
                assertFalse(guard.ownerDied());
            }
            assertEquals(0, stopped.awaitExit());
        }
    }
}

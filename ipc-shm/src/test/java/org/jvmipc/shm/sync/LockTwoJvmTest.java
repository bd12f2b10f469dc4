package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Locks between processes, some of which die or stand still. */
@IpcDir
class LockTwoJvmTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    /** How often each process counts; with a million the loops are long ones. */
    private static final int TIMES = Integer.getInteger("jvmipc.test.sections", 10_000);
    private static final int KILLS = Math.max(5, TIMES / 20_000);

    private static final List<String> ALL =
            List.of("plain", "fair", "reentrant", "reentrant-fair", "write", "write-fair");
    private static final List<String> SOME = List.of("plain", "reentrant-fair", "write");

    @IpcDir
    private IpcScope scope;

    @AfterEach
    void sweep() {
        LifeSign.sweep();
    }

    private ChildJvm child(Object... args) {
        return scope.track(ChildJvm.of(LockPeer.class)
                .jvmArgs("-Xmx32m").args(args).start());
    }

    private String name(String kind) {
        return scope.name("lock-" + kind);
    }

    /** What nobody has repaired stays when all have closed it. */
    private static void destroy(String name) {
        assertTrue(SharedLock.in(SharedSegment.posix(name)).destroy());
    }

    private static void end(ChildJvm child) {
        child.send("end");
        assertEquals(0, child.awaitExit());
    }

    /** What is to be shown of a lock of some kind. */
    private interface Case {
        void run(String kind, AbstractSharedLock lock) throws Exception;
    }

    /** All kinds one after the other, so that they may share the other processes. */
    private void each(List<String> kinds, Case shows) {
        for (String kind : kinds) {
            try (AbstractSharedLock lock = LockPeer.lock(kind, name(kind))) {
                shows.run(kind, lock);
            } catch (Exception | AssertionError failed) {
                throw new AssertionError("a lock that is " + kind + ": " + failed.getMessage(), failed);
            }
        }
    }

    private static void kill(ChildJvm child) {
        child.kill();
        child.awaitDeath(LONG);
    }

    @Test
    void shouldExcludeAnotherProcessAndShowIt() {
        ChildJvm child = child();
        each(ALL, (kind, lock) -> {
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
        end(child);
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
    void shouldTellAllUntilSomebodyRepairs() {
        ChildJvm holder = child();
        ChildJvm waiter = child();
        each(SOME, (kind, lock) -> {
            holder.send("hold " + kind + " " + name(kind));
            holder.expect("holds " + kind);
            waiter.send("wait " + kind + " " + name(kind));
            Await.until(LONG, "it waits", () -> lock.getQueueLength() == 1);
        });
        kill(holder);
        for (int i = 0; i < SOME.size(); i++) {
            String told = waiter.expect("told ");
            assertTrue(told.contains("pid " + holder.pid()), told);
        }
        each(SOME, (kind, lock) -> {
            assertEquals(holder.pid(), assertThrows(OwnerDiedException.class, lock::lock).owner().pid());
            assertThrows(OwnerDiedException.class, lock::tryLock);
            assertThrows(OwnerDiedException.class, lock::lockInterruptibly);
            assertThrows(OwnerDiedException.class, () -> LockPeer.tryFor(lock, 1));
            assertFalse(lock.isHeldByCurrentThread());
            assertEquals(SyncState.INCONSISTENT, lock.status().state());
            try (LockGuard guard = lock.recover()) {
                assertTrue(guard.ownerDied());
                assertTrue(lock.isHeldByCurrentThread());
                guard.markConsistent();
            }
            assertEquals(SyncState.CONSISTENT, lock.status().state());
            lock.lock();
            lock.unlock();
        });
        end(waiter);
    }

    /** Each time somebody waits, who looks by himself; the kernel has to take the dead process apart first. */
    @Test
    void shouldNoticeADeathSoon() throws Exception {
        List<ChildJvm> holders = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            holders.add(child());
        }
        List<Long> millis = new ArrayList<>();
        try (SharedLock lock = SharedLock.named(name("plain"))) {
            for (ChildJvm holder : holders) {
                holder.send("hold plain " + name("plain"));
                holder.expect("holds plain");
                FutureTask<Long> told = new FutureTask<>(() -> {
                    assertThrows(OwnerDiedException.class, lock::lock);
                    return System.nanoTime();
                });
                new Thread(told).start();
                Await.until(LONG, "it waits", () -> lock.getQueueLength() == 1);
                long killed = System.nanoTime();
                holder.kill();
                millis.add(TimeUnit.NANOSECONDS.toMillis(told.get(20, TimeUnit.SECONDS) - killed));
                holder.awaitDeath(LONG);
                try (LockGuard guard = lock.recover()) {
                    guard.markConsistent();
                }
            }
        }
        Collections.sort(millis);
        assertTrue(millis.get(2) <= 200, "noticed after " + millis + " ms");
    }

    /** Nobody is left who could tell of it but the memory. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "reentrant-fair", "write"})
    void shouldTellWhoeverComesAfterTheOnlyUserDied(String kind) {
        ChildJvm holder = child("hold", kind, name(kind));
        holder.expect("holds");
        kill(holder);
        try (AbstractSharedLock lock = LockPeer.lock(kind, name(kind))) {
            assertEquals(holder.pid(), assertThrows(OwnerDiedException.class, lock::lock).owner().pid());
        }
        // It was closed, but repaired by nobody.
        try (AbstractSharedLock lock = LockPeer.lock(kind, name(kind))) {
            assertThrows(OwnerDiedException.class, lock::lock);
            try (LockGuard guard = lock.recover()) {
                assertTrue(guard.ownerDied());
                guard.markConsistent();
            }
        }
        assertThrows(ChannelNotFoundException.class, () -> SharedSegment.posix(name(kind)).open());
    }

    /** Nobody waits when it happens, and nobody ever waits: who only tries is told, too. */
    @Test
    void shouldTellOneWhoOnlyTries() {
        String name = scope.name("lock");
        try (SharedLock lock = SharedLock.named(name)) {
            ChildJvm holder = child("hold", "plain", name);
            holder.expect("holds");
            assertFalse(lock.tryLock());
            kill(holder);
            OwnerDiedException[] told = new OwnerDiedException[1];
            Await.until(LONG, "it is told", () -> {
                told[0] = diedWhenTried(lock);
                return told[0] != null;
            });
            assertEquals(holder.pid(), told[0].owner().pid());
            try (LockGuard guard = lock.tryAcquire()) {
                assertTrue(guard.ownerDied());
            }
            assertThrows(NotRecoverableException.class, lock::lock);
            assertThrows(NotRecoverableException.class, lock::tryLock);
            assertThrows(NotRecoverableException.class, lock::acquire);
            assertThrows(NotRecoverableException.class, lock::recover);
            assertEquals(SyncState.UNRECOVERABLE, lock.status().state());
        }
        destroy(name);
    }

    /** Nobody waits for as long as it takes until one who waits looks, but somebody does so again and again. */
    @Test
    void shouldTellOneWhoWaitsForShortTimesOnly() {
        String name = scope.name("lock");
        try (AbstractSharedLock lock = LockPeer.lock("fair", name)) {
            ChildJvm holder = child("hold", "fair", name);
            holder.expect("holds");
            kill(holder);
            OwnerDiedException[] told = new OwnerDiedException[1];
            Await.until(LONG, "it is told", () -> {
                try {
                    assertFalse(LockPeer.tryFor(lock, 20));
                } catch (OwnerDiedException died) {
                    told[0] = died;
                } catch (InterruptedException ended) {
                    throw new IllegalStateException(ended);
                }
                return told[0] != null;
            });
            assertEquals(holder.pid(), told[0].owner().pid());
        }
        destroy(name);
    }

    private static OwnerDiedException diedWhenTried(SharedLock lock) {
        try {
            assertFalse(lock.tryLock());
            return null;
        } catch (OwnerDiedException told) {
            return told;
        }
    }

    /** Who gets it repairs nothing, dies itself, and the next is told again. */
    @Test
    void shouldTellAgainIfWhoRepairsDies() {
        String name = scope.name("lock");
        try (SharedLock lock = SharedLock.named(name)) {
            for (int i = 0; i < 2; i++) {
                ChildJvm holder = child(i == 0 ? "hold" : "recover", "plain", name);
                holder.expect("holds");
                kill(holder);
                assertEquals(holder.pid(), assertThrows(OwnerDiedException.class, lock::lock).owner().pid());
            }
            LockGuard guard = lock.recover();
            guard.markUnrecoverable();
            assertThrows(NotRecoverableException.class, lock::lock);
        }
        destroy(name);
    }

    @Test
    void shouldTakeNothingFromAStoppedHolder() throws Exception {
        String name = scope.name("lock");
        try (SharedLock lock = SharedLock.named(name)) {
            ChildJvm holder = child("hold", "plain", name);
            holder.expect("holds");
            holder.stop();
            IpcTimeoutException late =
                    assertThrows(IpcTimeoutException.class, () -> lock.acquire(Duration.ofMillis(600)));
            assertTrue(late.getMessage().contains("pid " + holder.pid()), late.getMessage());
            holder.cont();
            holder.send("go");
            try (LockGuard guard = lock.acquire(LONG)) {
                assertFalse(guard.ownerDied());
            }
            end(holder);
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
        each(kinds, (kind, any) -> {
            int i = kinds.indexOf(kind);
            Await.until(LONG, "the second holds it", () -> isHeldBy(locks.get(i), seconds.get(i)));
        });
        kill(first);
        end.countDown();
        each(kinds, (kind, any) -> {
            AbstractSharedLock lock = locks.get(kinds.indexOf(kind));
            Thread third = new Thread(() -> holdUntil(lock, end));
            third.start();
            third.join(LONG.toMillis());
            assertFalse(third.isAlive());
            seconds.get(kinds.indexOf(kind)).join(LONG.toMillis());
            Await.until(LONG, "the dead one is removed", () -> {
                lock.lock();
                lock.unlock();
                return lock.getQueueLength() == 0 || removes(lock);
            });
        });
    }

    /** It is first in the queue, and signalled again and again, and the others need not wait for it each time. */
    @Test
    void shouldGoOnWhileAWaiterIsStopped() {
        ChildJvm first = child();
        each(List.of("plain", "fair"), (kind, lock) -> {
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
        end(first);
    }

    /** Who waits removes the dead. */
    private static boolean removes(AbstractSharedLock lock) {
        lock.lock();
        Thread waiter = new Thread(() -> {
            lock.lock();
            lock.unlock();
        });
        waiter.start();
        Await.until(LONG, "only the living one waits", () -> lock.getQueueLength() == 1);
        lock.unlock();
        return false;
    }

    @Test
    void shouldNotGiveASignalToTheDead() throws Exception {
        String name = scope.name("lock");
        try (SharedReentrantLock lock = SharedReentrantLock.named(name)) {
            Condition go = lock.condition("go");
            ChildJvm dead = child();
            ChildJvm living = child();
            ChildJvm next = child();
            int waiting = 0;
            for (ChildJvm child : List.of(dead, living, next)) {
                child.send("await reentrant " + name);
                child.expect("waits");
                awaitWaiters(lock, go, ++waiting);
            }
            kill(dead);
            lock.lock();
            go.signal();
            assertTrue(lock.getWaitQueueLength(go) < 3, "one is on its way, dead only if that cannot be seen yet");
            // It is signalled, and dies before it can have the lock.
            kill(living);
            lock.unlock();
            next.expect("signalled");
            end(next);
        }
    }

    /** What they wait for would never be told by who has died. */
    @Test
    void shouldWakeWhoWaitsAtAConditionWhenTheHolderDies() throws Exception {
        String name = scope.name("lock");
        try (SharedReentrantLock lock = SharedReentrantLock.named(name)) {
            Condition go = lock.condition("go");
            CountDownLatch began = new CountDownLatch(1);
            FutureTask<Boolean> awaiting = new FutureTask<>(() -> {
                lock.lock();
                try {
                    began.countDown();
                    assertThrows(OwnerDiedException.class, go::await);
                    return lock.isHeldByCurrentThread();
                } finally {
                    lock.unlock();
                }
            });
            new Thread(awaiting).start();
            began.await();
            ChildJvm holder = child("hold", "reentrant", name);
            holder.expect("holds");
            kill(holder);
            assertTrue(awaiting.get(20, TimeUnit.SECONDS));
            try (LockGuard guard = lock.recover()) {
                assertTrue(guard.ownerDied(), "unlock() has repaired nothing");
                guard.markConsistent();
            }
        }
    }

    private static void awaitWaiters(SharedReentrantLock lock, Condition condition, int count) {
        Await.until(LONG, count + " wait", () -> {
            lock.lock();
            try {
                return lock.getWaitQueueLength(condition) == count;
            } finally {
                lock.unlock();
            }
        });
    }

    @Test
    @Timeout(900)
    void shouldCountExactlyInFourProcesses() {
        List<ChildJvm> children = List.of(child(), child(), child(), child());
        each(ALL, (kind, lock) -> {
            int times = kind.endsWith("fair") ? TIMES / 10 : TIMES;
            try (SharedSegment data = SharedSegment.posix(name(kind) + "-data").create(LockPeer.DATA_SIZE)) {
                for (int i = 0; i < children.size(); i++) {
                    children.get(i).send("count " + kind + " " + name(kind) + " " + times + " " + i);
                }
                children.forEach(child -> child.expect("ready " + kind));
                children.forEach(child -> child.send("go"));
                children.forEach(child -> child.expect("done " + kind, Duration.ofSeconds(50)));
                assertEquals(4L * times, data.buffer().getLong(LockPeer.COUNTER));
                assertFalse(lock.isLocked());
            }
        });
        children.forEach(LockTwoJvmTest::end);
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
            kill(children.remove(random.nextInt(children.size())));
        }
        children.forEach(LockTwoJvmTest::kill);
        each(SOME, (kind, lock) -> {
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
        end(next);
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
            kill(dying);
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

    /** It has the word, and has changed nothing. */
    @Test
    void shouldNotCallItInconsistentIfAWriterDiesWaitingForReaders() {
        String name = scope.name("lock");
        try (SharedReadWriteLock lock = SharedReadWriteLock.named(name)) {
            lock.readLock().lock();
            ChildJvm writer = child("wait", "write", name);
            writer.expect("waits");
            Await.until(LONG, "it has the word", lock::isWriteLocked);
            Await.until(LONG, "it waits", () -> lock.status().waiters().size() == 1);
            kill(writer);
            lock.readLock().unlock();
            try (LockGuard guard = lock.writeLock().acquire()) {
                assertFalse(guard.ownerDied());
            }
        }
    }

    @Test
    void shouldTellReadersThatAWriterDied() {
        String name = scope.name("lock");
        try (SharedReadWriteLock lock = SharedReadWriteLock.named(name)) {
            ChildJvm writer = child("hold", "write", name);
            writer.expect("holds");
            kill(writer);
            assertThrows(OwnerDiedException.class, lock.readLock()::lock);
            assertThrows(OwnerDiedException.class, lock.readLock()::tryLock);
            assertEquals(0, lock.getReadLockCount());
            try (LockGuard guard = lock.writeLock().recover()) {
                assertTrue(guard.ownerDied());
                guard.markConsistent();
            }
            lock.readLock().lock();
            lock.readLock().unlock();
        }
    }
}

package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
    private static final int TIMES = Integer.getInteger("jvmipc.test.sections", 20_000);

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

    private static void kill(ChildJvm child) {
        child.kill();
        child.awaitDeath(LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair", "reentrant", "reentrant-fair", "write", "write-fair"})
    void shouldExcludeAnotherProcessAndShowIt(String kind) throws Exception {
        String name = scope.name("lock");
        try (AbstractSharedLock lock = LockPeer.lock(kind, name)) {
            ChildJvm child = child("hold", kind, name);
            long thread = Long.parseLong(child.expect("holds #").substring("holds #".length()));
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
            child.send("release");
            child.expect("released");
            Await.until(LONG, "it holds", () -> isHeldBy(lock, waiter));
            assertThrows(IllegalStateException.class, lock::close);
            assertThrows(IllegalMonitorStateException.class, lock::unlock);
            assertFalse(lock.tryLock());
            end.countDown();
            waiter.join(LONG.toMillis());
            assertTrue(lock.tryLock());
            lock.unlock();
            child.send("end");
            assertEquals(0, child.awaitExit());
        }
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

    @ParameterizedTest
    @ValueSource(strings = {"plain", "reentrant-fair", "write"})
    void shouldTellAllUntilSomebodyRepairs(String kind) throws Exception {
        String name = scope.name("lock");
        try (AbstractSharedLock lock = LockPeer.lock(kind, name)) {
            ChildJvm holder = child("hold", kind, name);
            holder.expect("holds");
            ChildJvm waiter = child("wait", kind, name);
            waiter.expect("waits");
            Await.until(LONG, "it waits", () -> lock.getQueueLength() == 1);
            long killed = System.currentTimeMillis();
            kill(holder);
            String told = waiter.expect("told of pid " + holder.pid());
            long noticed = Long.parseLong(told.substring(told.lastIndexOf(' ') + 1)) - killed;
            assertTrue(noticed < 2_000, "noticed after " + noticed + " ms");
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
            waiter.send("end");
            assertEquals(0, waiter.awaitExit());
        }
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
    }

    @Test
    void shouldTakeNothingFromAStoppedHolder() throws Exception {
        String name = scope.name("lock");
        try (SharedLock lock = SharedLock.named(name)) {
            ChildJvm holder = child("hold", "plain", name);
            holder.expect("holds");
            holder.stop();
            IpcTimeoutException late =
                    assertThrows(IpcTimeoutException.class, () -> lock.acquire(Duration.ofMillis(1_200)));
            assertTrue(late.getMessage().contains("pid " + holder.pid()), late.getMessage());
            holder.cont();
            holder.send("release");
            try (LockGuard guard = lock.acquire(LONG)) {
                assertFalse(guard.ownerDied());
            }
            holder.send("end");
            assertEquals(0, holder.awaitExit());
        }
    }

    /** The first in the queue is stopped, then dead; whoever stands behind it gets the lock all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair", "write-fair"})
    void shouldPassAWaiterThatIsStoppedOrDead(String kind) throws Exception {
        String name = scope.name("lock");
        try (AbstractSharedLock lock = LockPeer.lock(kind, name)) {
            lock.lock();
            ChildJvm first = child("wait", kind, name);
            Await.until(LONG, "the first waits", () -> lock.getQueueLength() == 1);
            CountDownLatch end = new CountDownLatch(1);
            Thread second = new Thread(() -> holdUntil(lock, end));
            second.start();
            Await.until(LONG, "the second waits", () -> lock.getQueueLength() == 2);
            first.stop();
            lock.unlock();
            Await.until(LONG, "the second holds it", () -> isHeldBy(lock, second));
            kill(first);
            Thread third = new Thread(() -> holdUntil(lock, end));
            third.start();
            end.countDown();
            third.join(LONG.toMillis());
            assertFalse(third.isAlive());
            second.join(LONG.toMillis());
            Await.until(LONG, "the dead one is removed", () -> {
                lock.lock();
                lock.unlock();
                return lock.getQueueLength() == 0 || removes(lock);
            });
        }
    }

    /** It is first in the queue, and signalled again and again, and the others need not wait for it each time. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair"})
    void shouldGoOnWhileAWaiterIsStopped(String kind) throws Exception {
        String name = scope.name("lock");
        try (AbstractSharedLock lock = LockPeer.lock(kind, name)) {
            lock.lock();
            ChildJvm first = child("wait", kind, name);
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
            first.expect("holds");
            first.send("end");
            assertEquals(0, first.awaitExit());
        }
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
            ChildJvm dead = child("await", "reentrant", name);
            dead.expect("waits");
            awaitWaiters(lock, go, 1);
            ChildJvm living = child("await", "reentrant", name);
            living.expect("waits");
            awaitWaiters(lock, go, 2);
            ChildJvm next = child("await", "reentrant", name);
            next.expect("waits");
            awaitWaiters(lock, go, 3);
            kill(dead);
            lock.lock();
            go.signal();
            assertTrue(lock.getWaitQueueLength(go) < 3, "one is on its way, dead only if that cannot be seen yet");
            // It is signalled, and dies before it can have the lock.
            kill(living);
            lock.unlock();
            next.expect("signalled");
            next.send("end");
            assertEquals(0, next.awaitExit());
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

    @ParameterizedTest
    @ValueSource(strings = {"plain", "fair", "reentrant", "reentrant-fair", "write", "write-fair"})
    void shouldCountExactlyInFourProcesses(String kind) {
        String name = scope.name("lock");
        int times = kind.endsWith("fair") ? TIMES / 10 : TIMES;
        try (SharedSegment data = SharedSegment.posix(name + "-data").create(LockPeer.DATA_SIZE);
                AbstractSharedLock lock = LockPeer.lock(kind, name)) {
            List<ChildJvm> children = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                children.add(child("count", kind, name, times, i));
            }
            children.forEach(child -> child.expect("ready"));
            children.forEach(child -> child.send("go"));
            children.forEach(child -> child.expect("done", Duration.ofSeconds(50)));
            children.forEach(child -> child.send("end"));
            children.forEach(ChildJvm::awaitExit);
            assertEquals(4L * times, data.buffer().getLong(LockPeer.COUNTER));
            assertFalse(lock.isLocked());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "reentrant-fair", "write"})
    void shouldCountWhatWasCompletedWhileProcessesAreKilled(String kind) {
        String name = scope.name("lock");
        Random random = new Random(42);
        try (SharedSegment data = SharedSegment.posix(name + "-data").create(LockPeer.DATA_SIZE);
                AbstractSharedLock lock = LockPeer.lock(kind, name)) {
            ByteBuffer memory = data.buffer();
            List<ChildJvm> children = new ArrayList<>();
            int started = 0;
            for (int round = 0; round < 8; round++) {
                while (children.size() < 3) {
                    ChildJvm child = child("count", kind, name, Integer.MAX_VALUE, started++);
                    child.expect("ready");
                    child.send("go");
                    children.add(child);
                }
                int victim = LockPeer.COMPLETED + (started - 1) * Long.BYTES;
                long enough = 50 + random.nextInt(500);
                Await.until(LONG, "the newest works", () -> memory.getLong(victim) > enough);
                kill(children.remove(random.nextInt(children.size())));
            }
            children.forEach(LockTwoJvmTest::kill);
            try (LockGuard guard = lock.acquire()) {
                if (guard.ownerDied()) {
                    LockPeer.repair(memory);
                    guard.markConsistent();
                }
                long counted = memory.getLong(LockPeer.COUNTER);
                LockPeer.repair(memory);
                assertEquals(memory.getLong(LockPeer.COUNTER), counted);
                assertTrue(counted > 8 * 50);
            }
        }
    }

    @Test
    void shouldCountADeadReaderNoMoreAndAStoppedOneStill() throws Exception {
        String name = scope.name("lock");
        try (SharedReadWriteLock lock = SharedReadWriteLock.named(name)) {
            ChildJvm dying = child("read", "write", name);
            dying.expect("reads");
            ChildJvm stopped = child("read", "write", name);
            stopped.expect("reads");
            assertEquals(2, lock.getReadLockCount());
            stopped.stop();
            kill(dying);
            assertThrows(IpcTimeoutException.class, () -> lock.writeLock().acquire(Duration.ofMillis(700)));
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

package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
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

/** Who is told when a process dies that holds a lock, or waits for one. */
@IpcDir
class LockDeathTest {
    private static final Duration LONG = Duration.ofSeconds(20);
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
    void shouldTellAllUntilSomebodyRepairs() {
        ChildJvm holder = child();
        ChildJvm waiter = child();
        LockChildren.each(scope, SOME, (kind, lock) -> {
            holder.send("hold " + kind + " " + name(kind));
            holder.expect("holds " + kind);
            waiter.send("wait " + kind + " " + name(kind));
            Await.until(LONG, "it waits", () -> lock.getQueueLength() == 1);
        });
        LockChildren.kill(holder);
        for (int i = 0; i < SOME.size(); i++) {
            String told = waiter.expect("told ");
            assertTrue(told.contains("pid " + holder.pid()), told);
        }
        LockChildren.each(scope, SOME, (kind, lock) -> {
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
        LockChildren.end(waiter);
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

    /** Its parent never asks for its exit code, so the process number stays in use, and Java takes it for alive. */
    @Test
    void shouldTakeAZombieForDead() {
        String name = name("plain");
        ChildJvm holder = scope.track(ChildJvm.of(LockPeer.class).jvmArgs("-Xmx32m").args("hold", "plain", name)
                .wrapper("sh", "-c", "exec 3<&0; \"$@\" <&3 & exec sleep 100", "sh").start());
        holder.expect("holds");
        try (SharedLock lock = SharedLock.named(name)) {
            holder.kill();
            assertEquals(holder.pid(), assertThrows(OwnerDiedException.class, lock::lock).owner().pid());
            assertTrue(ProcessHandle.of(holder.pid()).isPresent(), "it is a zombie");
            try (LockGuard guard = lock.recover()) {
                assertTrue(guard.ownerDied());
                guard.markConsistent();
            }
        }
    }

    /** Here its number is another one than there, where it may be anybody's. */
    @Test
    void shouldTellOfTheDeathOfAHolderInAnotherPidNamespace() throws Exception {
        String[] unshare = {"unshare", "--pid", "--fork", "--kill-child", "--mount-proc"};
        assumeTrue(new ProcessBuilder(unshare[0], unshare[1], unshare[2], unshare[3], unshare[4], "true").start()
                .waitFor() == 0, "no right to make a PID namespace");
        String name = name("plain");
        ChildJvm holder = scope.track(ChildJvm.of(LockPeer.class).jvmArgs("-Xmx32m").args("hold", "plain", name)
                .wrapper(unshare).start());
        holder.expect("holds");
        try (SharedLock lock = SharedLock.named(name)) {
            assertThrows(IpcTimeoutException.class, () -> lock.acquire(Duration.ofMillis(400)), "it lives");
            holder.kill();
            assertThrows(OwnerDiedException.class, lock::lock);
            try (LockGuard guard = lock.recover()) {
                guard.markConsistent();
            }
        }
    }

    /** Nobody is left who could tell of it but the memory. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "reentrant-fair", "write"})
    void shouldTellWhoeverComesAfterTheOnlyUserDied(String kind) {
        ChildJvm holder = child("hold", kind, name(kind));
        holder.expect("holds");
        LockChildren.kill(holder);
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
            LockChildren.kill(holder);
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
        LockChildren.destroy(name);
    }

    /** Nobody waits for as long as it takes until one who waits looks, but somebody does so again and again. */
    @Test
    void shouldTellOneWhoWaitsForShortTimesOnly() {
        String name = scope.name("lock");
        try (AbstractSharedLock lock = LockPeer.lock("fair", name)) {
            ChildJvm holder = child("hold", "fair", name);
            holder.expect("holds");
            LockChildren.kill(holder);
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
        LockChildren.destroy(name);
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
                LockChildren.kill(holder);
                assertEquals(holder.pid(), assertThrows(OwnerDiedException.class, lock::lock).owner().pid());
            }
            LockGuard guard = lock.recover();
            guard.markUnrecoverable();
            String said = assertThrows(NotRecoverableException.class, lock::lock).getMessage();
            assertTrue(said.contains("given up after pid "), said);
        }
        LockChildren.destroy(name);
    }

    @Test
    void shouldNotSpeakOfADeathIfAHolderGaveItUp() {
        String name = scope.name("lock");
        try (SharedLock lock = SharedLock.named(name)) {
            ChildJvm holder = child("hold", "plain", name);
            holder.expect("holds");
            LockChildren.kill(holder);
            try (LockGuard guard = lock.acquire()) {
                guard.markConsistent();
            }
            lock.acquire().markUnrecoverable();
            String said = assertThrows(NotRecoverableException.class, lock::lock).getMessage();
            assertTrue(said.contains("given up by one who held it") && !said.contains("died"), said);
        }
        LockChildren.destroy(name);
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
            LockChildren.kill(dead);
            lock.lock();
            go.signal();
            assertTrue(lock.getWaitQueueLength(go) < 3, "one is on its way, dead only if that cannot be seen yet");
            // It is signalled, and dies before it can have the lock.
            LockChildren.kill(living);
            lock.unlock();
            next.expect("signalled");
            LockChildren.end(next);
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
            LockChildren.kill(holder);
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

    /** It has the word, and has changed nothing. */
    @Test
    void shouldNotCallItInconsistentIfAWriterDiesWaitingForReaders() {
        String name = scope.name("lock");
        try (SharedReadWriteLock lock = SharedReadWriteLock.named(name)) {
            lock.readLock().lock();
            ChildJvm writer = child("wait", "write", name);
            writer.expect("waits");
            Await.until(LONG, "it has the word", lock.writeLock()::isLocked);
            Await.until(LONG, "it waits", () -> lock.status().waiters().size() == 1);
            LockChildren.kill(writer);
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
            LockChildren.kill(writer);
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

package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What those leave who die, or are closed, in the middle of something: a hand writes into the memory what they had. */
@IpcDir
class UnfinishedTest {
    private static final Duration LONG = Threads.LONG;

    @IpcDir
    private IpcScope scope;

    private SyncMemory hand(String name, SyncKind kind) {
        SyncMemory memory = new SyncMemory(SharedSegment.posix(name).open(), kind);
        scope.track(memory.segment());
        return memory;
    }

    private void destroy(String name) {
        SharedLock.in(SharedSegment.posix(name)).destroy();
    }

    /** It had looked whether the object is open, then that was closed, and then it took the word. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakeNoThreadOfAClosedObjectForADeadHolder(boolean replaced) throws Exception {
        String name = scope.name("lock");
        try (SharedLock lock = SharedLock.named(name)) {
            SyncMemory hand = replaced ? null : hand(name, SyncKind.LOCK);
            SyncMemory closed = hand(name, SyncKind.LOCK);
            long late = closed.owner(Thread.currentThread());
            closed.close(() -> false, "");
            hand = replaced ? hand(name, SyncKind.LOCK) : hand;
            hand.set(SyncLayout.WORD, late);
            try (LockGuard guard = lock.acquire(LONG)) {
                assertFalse(guard.ownerDied());
            }
            hand.set(SyncLayout.WORD, late | LockState.INCONSISTENT);
            try (LockGuard guard = lock.acquire(LONG)) {
                assertTrue(guard.ownerDied(), "what was inconsistent before still is");
                guard.markConsistent();
            }
        }
    }

    @Test
    void shouldCountNoReaderOfAClosedObjectForItsSuccessor() throws Exception {
        String name = scope.name("lock");
        try (SharedReadWriteLock lock = SharedReadWriteLock.named(name); Threads threads = new Threads()) {
            SyncMemory closed = hand(name, SyncKind.READ_WRITE_LOCK);
            Readers late = new Readers(closed, new Waiters(closed));
            late.enter();
            closed.close(() -> false, "");
            try (SharedReadWriteLock successor = SharedReadWriteLock.named(name)) {
                CountDownLatch end = new CountDownLatch(1);
                CountDownLatch reads = new CountDownLatch(1);
                Threads.Running<?> reader = threads.start(() -> {
                    successor.readLock().lock();
                    reads.countDown();
                    end.await();
                    successor.readLock().unlock();
                    return null;
                });
                reads.await();
                late.leave();
                assertEquals(1, lock.getReadLockCount());
                assertThrows(ChannelClosedException.class, late::enter);
                assertEquals(1, lock.getReadLockCount());
                assertFalse(lock.writeLock().tryLock());
                end.countDown();
                reader.get();
            }
            assertTrue(lock.writeLock().tryLock());
            lock.writeLock().unlock();
        }
    }

    /** Closing is refused again and again, and nobody else notices. */
    @Test
    void shouldDisturbNobodyByAClosingThatIsRefused() throws Exception {
        String name = scope.name("lock");
        AtomicBoolean over = new AtomicBoolean();
        try (SharedReadWriteLock lock = SharedReadWriteLock.named(name); Threads threads = new Threads()) {
            CountDownLatch began = new CountDownLatch(3);
            lock.readLock().lock();
            for (int i = 0; i < 2; i++) {
                threads.start(() -> {
                    began.countDown();
                    while (!over.get()) {
                        assertTrue(lock.readLock().tryLock());
                        lock.readLock().unlock();
                    }
                    return null;
                });
            }
            threads.start(() -> {
                began.countDown();
                while (!over.get()) {
                    assertFalse(lock.writeLock().tryLock());
                    lock.status();
                }
                return null;
            });
            began.await();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
            while (System.nanoTime() - end < 0) {
                assertThrows(IllegalStateException.class, lock::close);
            }
            over.set(true);
            // Before that, whoever tries to write might get it.
            threads.join();
            lock.readLock().unlock();
        }
    }

    /** Whoever found the holder dead died before waking those who wait at conditions. */
    @ParameterizedTest
    @ValueSource(strings = {"found", "repaired", "given up"})
    void shouldWakeWhoWaitsAtAConditionThoughWhoBuriesDies(String what) throws Exception {
        String name = scope.name("lock");
        try (SharedLock lock = SharedLock.named(name); Threads threads = new Threads()) {
            SyncMemory hand = hand(name, SyncKind.LOCK);
            Condition condition = lock.newCondition();
            CountDownLatch began = new CountDownLatch(1);
            Threads.Running<RuntimeException> waiter = threads.start(() -> {
                lock.lock();
                began.countDown();
                RuntimeException told = null;
                try {
                    condition.await();
                } catch (OwnerDiedException | NotRecoverableException died) {
                    told = died;
                }
                if (lock.isHeldByCurrentThread()) {
                    lock.unlock();
                }
                return told;
            });
            began.await();
            // Once this has it, the other one waits.
            lock.lock();
            lock.unlock();
            hand.set(SyncLayout.WORD, what.equals("given up") ? LockState.UNRECOVERABLE : LockState.INCONSISTENT);
            if (what.equals("found")) {
                assertEquals(OwnerDiedException.class, waiter.get().getClass());
                hand.set(SyncLayout.WORD, 0);
            } else if (what.equals("repaired")) {
                try (LockGuard guard = lock.acquire()) {
                    guard.markConsistent();
                }
                waiter.get();
            } else {
                assertEquals(NotRecoverableException.class, waiter.get().getClass());
                destroy(name);
            }
        }
    }

    /** A record of one that has gone, which stood first in the queue. */
    private void leaveRecord(String name, SyncKind kind) {
        SyncMemory dead = hand(name, kind);
        Waiters waiters = new Waiters(dead);
        waiters.claim().setState(WaitState.of(WaitState.EXCLUSIVE, 1, waiters.nextTicket()));
        dead.getAndOr(SyncLayout.WORD, 1);
        dead.segment().close();
    }

    /** Its place is another's before anybody has looked who died. */
    @Test
    void shouldNotOverlookADeadPartyInWhosePlaceIsANewcomer() throws Exception {
        String name = scope.name("b");
        try (SharedBarrier barrier = SharedBarrier.named(name, 2)) {
            SyncMemory dead = hand(name, SyncKind.BARRIER);
            new BarrierMembers(dead).join();
            int place = dead.place();
            dead.segment().close();
            try (SharedBarrier newcomer = SharedBarrier.named(name, 2)) {
                SyncMemory hand = hand(name, SyncKind.BARRIER);
                assertEquals(place + 1, hand.place(), "the newcomer has the place of the dead one");
                assertThrows(BrokenBarrierException.class, barrier::await);
                newcomer.reset();
                assertThrows(TimeoutException.class, () -> barrier.await(1, TimeUnit.MILLISECONDS));
            }
        }
    }

    /** Who only tries, and waits for no time at all, gets what is free all the same. */
    @Test
    void shouldPassADeadWaiterWithoutWaiting() throws Exception {
        String name = scope.name("lock");
        try (SharedLock lock = SharedLock.in(SharedSegment.posix(name)).fair().create()) {
            leaveRecord(name, SyncKind.LOCK);
            Await.until(LONG, "it gets the lock", () -> {
                try {
                    return lock.tryLock(0, TimeUnit.SECONDS);
                } catch (InterruptedException ended) {
                    throw new IllegalStateException(ended);
                }
            });
            lock.unlock();
            assertEquals(0, lock.getQueueLength());
        }
        try (SharedSemaphore semaphore = SharedSemaphore.in(SharedSegment.posix(name), 1).fair().create()) {
            leaveRecord(name, SyncKind.SEMAPHORE);
            Await.until(LONG, "it gets the permit", () -> {
                try {
                    return semaphore.tryAcquire(0, TimeUnit.SECONDS);
                } catch (InterruptedException ended) {
                    throw new IllegalStateException(ended);
                }
            });
            semaphore.release();
            assertTrue(semaphore.tryAcquire(0, TimeUnit.SECONDS), "nothing is marked any more");
        }
    }

    /** So many wait at conditions, and none of them goes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGoOnWhenAllRecordsAreTaken(boolean fair) throws Exception {
        String name = scope.name("lock");
        SyncBuilder<SharedReadWriteLock> builder = SharedReadWriteLock.in(SharedSegment.posix(name));
        try (SharedReadWriteLock lock = fair ? builder.fair().create() : builder.create();
                Threads threads = new Threads()) {
            Waiters all = new Waiters(hand(name, SyncKind.READ_WRITE_LOCK));
            List<Place> places = new ArrayList<>();
            for (int i = 0; i < SyncLayout.RECORD_COUNT; i++) {
                Place place = all.claim();
                place.setState(WaitState.of(WaitState.CONDITION, 0, all.nextTicket()));
                places.add(place);
            }
            lock.writeLock().lock();
            Threads.Running<?> writer = threads.start(() -> {
                lock.writeLock().lock();
                lock.writeLock().unlock();
                return null;
            });
            Threads.Running<?> reader = threads.start(() -> {
                lock.readLock().lock();
                lock.readLock().unlock();
                return null;
            });
            Threads.Running<Boolean> late =
                    threads.start(() -> lock.writeLock().tryLock(30, TimeUnit.MILLISECONDS));
            assertFalse(late.get());
            for (Threads.Running<?> waiting : List.of(writer, reader)) {
                Await.until(LONG, "it waits", () -> waiting.thread().getState() == Thread.State.TIMED_WAITING);
            }
            lock.writeLock().unlock();
            writer.get();
            reader.get();
            places.forEach(all::leave);
            assertTrue(lock.writeLock().tryLock());
            lock.writeLock().unlock();
        }
    }
}

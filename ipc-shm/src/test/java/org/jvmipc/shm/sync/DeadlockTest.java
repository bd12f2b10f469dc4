package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Deadlocks of threads of one process. */
@IpcDir
class DeadlockTest {
    @IpcDir
    private IpcScope scope;

    private SharedReentrantLock lock(String name) {
        return scope.track(SharedReentrantLock.named(scope.name(name)));
    }

    private DeadlockScan scan() {
        return Deadlocks.named(scope.prefix()).scan();
    }

    private static List<Deadlock> twice(DeadlockScan scan, DeadlockPolicy policy) {
        assertEquals(List.of(), scan.look(policy));
        return scan.look(policy);
    }

    /** Takes one, lets another thread do so, and takes the other; whether it was made to give way. */
    private static boolean cross(Lock first, Lock second, AtomicInteger ready) {
        first.lock();
        try {
            int parties = 2;
            ready.incrementAndGet();
            Await.until(Threads.LONG, "both hold one", () -> ready.get() >= parties);
            second.lock();
            second.unlock();
            return false;
        } catch (DeadlockException chosen) {
            assertTrue(chosen.getMessage().contains("waited for"), chosen.getMessage());
            return true;
        } finally {
            first.unlock();
        }
    }

    @Test
    void shouldReportWhoWaitsForWhomAndBreakOne() {
        SharedReentrantLock one = lock("one");
        SharedReentrantLock other = lock("other");
        AtomicInteger ready = new AtomicInteger();
        DeadlockScan report = scan();
        try (Threads threads = new Threads()) {
            Threads.Running<Boolean> first = threads.start(() -> cross(one, other, ready));
            Await.until(Threads.LONG, "it holds one", () -> ready.get() == 1);
            assertEquals(List.of(), twice(report, DeadlockPolicy.REPORT));
            Threads.Running<Boolean> second = threads.start(() -> cross(other, one, ready));
            Await.until(Threads.LONG, "both wait", () -> one.getQueueLength() + other.getQueueLength() == 2);
            assertEquals(List.of(), report.look(DeadlockPolicy.REPORT));
            List<Deadlock> found = report.look(DeadlockPolicy.REPORT);
            assertEquals(1, found.size());
            checkReport(found.get(0), one, first.thread(), second.thread());
            assertEquals(List.of(), report.look(DeadlockPolicy.REPORT), "it is told once");
            DeadlockScan breaker = scan();
            DeadlockScan other2 = scan();
            assertEquals(List.of(), breaker.look(DeadlockPolicy.BREAK));
            assertEquals(List.of(), other2.look(DeadlockPolicy.BREAK));
            Deadlock broken = breaker.look(DeadlockPolicy.BREAK).get(0);
            assertTrue(broken.broken());
            assertEquals(found.get(0).victim().thread(), broken.victim().thread(), "the same for all who look");
            assertEquals(List.of(), other2.look(DeadlockPolicy.BREAK), "there is one victim");
            assertTrue(first.get() ^ second.get());
        }
        assertFalse(one.isLocked() || other.isLocked());
    }

    private static void checkReport(Deadlock deadlock, SharedReentrantLock one, Thread first, Thread second) {
        assertEquals(2, deadlock.waits().size());
        assertFalse(deadlock.broken());
        for (DeadlockWait wait : deadlock.waits()) {
            boolean forOne = wait.lock().equals(one.name());
            Thread waits = forOne ? second : first;
            assertEquals(waits.getId(), wait.thread());
            assertEquals(waits.getName(), wait.threadName());
            assertEquals((forOne ? first : second).getId(), wait.holderThread());
            assertEquals(ProcessHandle.current().pid(), wait.process().pid());
            assertEquals(ProcessHandle.current().pid(), wait.holder().pid());
            assertTrue(wait.stack().stream().anyMatch(frame -> frame.getMethodName().equals("cross")));
            assertTrue(deadlock.toString().contains(wait.lock()), deadlock.toString());
        }
    }

    /** By a detector, within a second, of locks in a directory and of those that are open. */
    @Test
    void shouldBreakWithinASecond() {
        SharedReentrantLock one =
                scope.track(SharedReentrantLock.in(SharedSegment.file(scope.path("one"))).openOrCreate());
        SharedLock other = scope.track(SharedLock.in(SharedSegment.file(scope.path("other"))).fair().openOrCreate());
        Queue<Deadlock> told = new ConcurrentLinkedQueue<>();
        for (Deadlocks where : List.of(Deadlocks.in(scope.dir()), Deadlocks.opened())) {
            AtomicInteger ready = new AtomicInteger();
            List<DeadlockDetector> detectors = List.of(scope.track(where.watch(DeadlockPolicy.BREAK, told::add)),
                    scope.track(where.watch(DeadlockPolicy.BREAK, told::add)));
            try (Threads threads = new Threads()) {
                Threads.Running<Boolean> first = threads.start(() -> cross(one, other, ready));
                Threads.Running<Boolean> second = threads.start(() -> cross(other, one, ready));
                Await.until(Threads.LONG, "both wait or one gives way",
                        () -> one.getQueueLength() + other.getQueueLength() == 2 || first.isDone() || second.isDone());
                long closed = System.nanoTime();
                assertTrue(first.get() ^ second.get());
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - closed);
                assertTrue(millis < 1_000, "broken after " + millis + " ms");
            }
            detectors.forEach(DeadlockDetector::close);
            assertEquals(1, told.size(), told.toString());
            told.clear();
        }
    }

    @Test
    void shouldSeeThroughReaders() {
        SharedReadWriteLock both = scope.track(SharedReadWriteLock.named(scope.name("both")));
        SharedLock plain = scope.track(SharedLock.named(scope.name("plain")));
        DeadlockScan scan = scan();
        List<Deadlock> found = new ArrayList<>();
        try (Threads threads = new Threads()) {
            // Another reader, who waits for nobody.
            both.readLock().lock();
            AtomicInteger ready = new AtomicInteger();
            Threads.Running<Boolean> reader = threads.start(() -> cross(both.readLock(), plain, ready));
            Await.until(Threads.LONG, "it reads", () -> ready.get() == 1);
            Threads.Running<Boolean> writer = threads.start(() -> cross(plain, both.writeLock(), ready));
            Await.until(Threads.LONG, "it is found", () -> {
                found.addAll(scan.look(DeadlockPolicy.REPORT));
                return !found.isEmpty();
            });
            assertEquals(1, found.size());
            assertEquals(1, notes(both));
            assertEquals(2, found.get(0).waits().size());
            assertTrue(found.get(0).waits().stream().anyMatch(
                    wait -> wait.lock().equals(plain.name()) && wait.thread() == reader.thread().getId()));
            assertTrue(found.get(0).waits().stream().anyMatch(
                    wait -> wait.lock().equals(both.name()) && wait.holderThread() == reader.thread().getId()));
            assertEquals(1, twice(scan(), DeadlockPolicy.BREAK).size());
            // If the reader gave way the writer still waits for this one.
            both.readLock().unlock();
            assertTrue(reader.get() ^ writer.get());
        }
        both.writeLock().lock();
        both.writeLock().unlock();
        assertEquals(0, both.getReadLockCount());
        assertEquals(0, notes(both), "who reads no more is not noted");
    }

    private static int notes(SharedReadWriteLock lock) {
        SyncMemory memory = memory(lock.name());
        int count = 0;
        for (int i = 0; i < ReadNotes.COUNT; i++) {
            count += memory.get(ReadNotes.offset(i)) == 0 ? 0 : 1;
        }
        return count;
    }

    private static SyncMemory memory(String name) {
        return OpenSync.all().stream().filter(memory -> memory.name().equals(name)).findFirst().orElseThrow();
    }

    /** A record as a thread leaves it that is stopped when it has got the lock. */
    private static Place stands(Waiters waiters, int purpose) {
        Place place = waiters.claim();
        place.setState(WaitState.of(purpose, 0, waiters.nextTicket()));
        return place;
    }

    @Test
    void shouldNotTakeForWaitingWhoHasJustGotIt() {
        SharedReentrantLock lock = lock("lock");
        lock.lock();
        Waiters waiters = new Waiters(memory(lock.name()));
        Place place = stands(waiters, WaitState.EXCLUSIVE);
        assertEquals(List.of(), twice(scan(), DeadlockPolicy.BREAK));
        assertEquals(1, lock.getQueueLength());
        waiters.leave(place);
        lock.unlock();
    }

    /** It reads, a writer waits for all who read, and another reader waits for what the first one holds. */
    @Test
    void shouldNotTakeForWaitingWhoJustBeganToRead() {
        SharedReadWriteLock both = scope.track(SharedReadWriteLock.named(scope.name("both")));
        SharedLock plain = scope.track(SharedLock.named(scope.name("plain")));
        SyncMemory memory = memory(both.name());
        plain.lock();
        try (Threads threads = new Threads()) {
            threads.start(() -> cross(both.readLock(), plain, new AtomicInteger(2)));
            Await.until(Threads.LONG, "it is noted", () -> notes(both) == 1);
            Waiters waiters = new Waiters(memory);
            Readers readers = new Readers(memory, waiters);
            ReadSide side = new ReadSide(memory, waiters, new Mutex(memory, waiters, readers), readers);
            Place place = stands(waiters, WaitState.SHARED);
            assertTrue(side.attempt(place));
            Threads.Running<Boolean> writer = threads.start(() -> cross(both.writeLock(), plain, new AtomicInteger(2)));
            Await.until(Threads.LONG, "it has the word", () -> both.writeLock().isLocked());
            assertEquals(List.of(), twice(scan(), DeadlockPolicy.BREAK));
            // What it would be if it did wait.
            place.mark(WaitState.ENTERS, false);
            assertEquals(3, twice(scan(), DeadlockPolicy.REPORT).get(0).waits().size());
            assertFalse(side.attempt(place), "there is a writer now");
            waiters.leave(place);
            readers.leave();
            plain.unlock();
            assertFalse(writer.get());
        }
    }

    @Test
    void shouldFindAThreadThatWaitsForItself() throws Exception {
        SharedLock one = scope.track(SharedLock.named(scope.name("lock")));
        SharedLock same = scope.track(SharedLock.named(scope.name("lock")));
        try (Threads threads = new Threads()) {
            Threads.Running<Boolean> alone = threads.start(() -> cross(one, same, new AtomicInteger(2)));
            Await.until(Threads.LONG, "it waits", () -> one.getQueueLength() == 1);
            List<Deadlock> found = Deadlocks.named(scope.name("lock")).find();
            assertEquals(1, found.size());
            assertEquals(1, found.get(0).waits().size());
            assertEquals(1, twice(scan(), DeadlockPolicy.BREAK).size());
            assertTrue(alone.get());
        }
    }

    @Test
    void shouldTakeNothingElseForADeadlock() throws Exception {
        SharedReentrantLock one = lock("one");
        SharedReentrantLock other = lock("other");
        SharedReadWriteLock both = scope.track(SharedReadWriteLock.named(scope.name("both")));
        DeadlockScan scan = scan();
        one.lock();
        one.lock();
        both.writeLock().lock();
        both.readLock().lock();
        try (Threads threads = new Threads()) {
            threads.queue(one, 1, () -> {
                one.lock();
                one.unlock();
                return null;
            });
            threads.start(() -> {
                other.lock();
                both.readLock().lock();
                both.readLock().unlock();
                other.unlock();
                return null;
            });
            Await.until(Threads.LONG, "it waits", () -> both.getQueueLength() == 1);
            for (int i = 0; i < 20; i++) {
                assertEquals(List.of(), scan.look(DeadlockPolicy.BREAK));
            }
            // Tries that end by themselves, and are over at the next look.
            assertFalse(other.tryLock(20, TimeUnit.MILLISECONDS));
            assertEquals(List.of(), scan.look(DeadlockPolicy.BREAK));
            both.readLock().unlock();
            both.writeLock().unlock();
            one.unlock();
            one.unlock();
        }
        assertEquals(List.of(), Deadlocks.opened().find());
    }

    /** Who comes from a condition must get its lock again, so the other gives way. */
    @Test
    void shouldNotChooseOneThatReturnsFromACondition() {
        SharedReentrantLock held = lock("held");
        SharedReentrantLock lock = lock("lock");
        Condition condition = lock.condition("c");
        AtomicInteger step = new AtomicInteger();
        try (Threads threads = new Threads()) {
            Threads.Running<Boolean> returns = threads.start(() -> {
                held.lock();
                lock.lock();
                step.set(1);
                boolean signalled = condition.await(400, TimeUnit.MILLISECONDS);
                assertTrue(lock.isHeldByCurrentThread());
                lock.unlock();
                held.unlock();
                return signalled;
            });
            Await.until(Threads.LONG, "it waits at the condition", () -> step.get() == 1 && !lock.isLocked());
            Threads.Running<Boolean> gives = threads.start(() -> cross(lock, held, new AtomicInteger(2)));
            DeadlockScan scan = scan();
            List<Deadlock> found = new ArrayList<>();
            Await.until(Threads.LONG, "it is broken", () -> {
                found.addAll(scan.look(DeadlockPolicy.BREAK));
                return !found.isEmpty();
            });
            assertEquals(gives.thread().getId(), found.get(0).victim().thread());
            assertTrue(gives.get());
            assertFalse(returns.get());
        }
    }

    @Test
    void shouldLeaveNothingOfADetectorThatIsClosed() {
        Queue<Deadlock> told = new ConcurrentLinkedQueue<>();
        DeadlockDetector detector = Deadlocks.named(scope.prefix()).watch(DeadlockPolicy.REPORT, told::add);
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("ipc-deadlock-detector")));
        detector.close();
        detector.close();
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("ipc-deadlock-detector")));
        assertTrue(told.isEmpty());
        assertThrows(NullPointerException.class, () -> Deadlocks.opened().watch(null, told::add));
    }
}

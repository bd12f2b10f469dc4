package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** What each thing to synchronize by is for, with another process on the other side that does as it should. */
@IpcDir
class ContractTwoJvmTest {
    private static final Duration LONG = Threads.LONG;
    private static final long LONG_MILLIS = LONG.toMillis();
    private static final long SHORT_MILLIS = 30;
    private static final int ROUNDS = 200;
    private static final int ADDITIONS = 20_000;

    @IpcDir
    private IpcScope scope;

    @AfterEach
    void sweep() {
        LifeSign.sweep();
    }

    /** The other process: does what each line says, one after the other, and says so. */
    static final class Other implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            for (String line = context.hear(); !"end".equals(line); line = context.hear()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "hold":
                        hold(context, words[1], words[2]);
                        break;
                    case "answer":
                        answer(context, words[1], words[2]);
                        break;
                    case "wait":
                        waitAtCondition(context, words[1], words[2]);
                        break;
                    case "read":
                        read(context, words[1]);
                        break;
                    case "barrier":
                        meet(context, words[1]);
                        break;
                    default:
                        change(context, words[0], words[1]);
                        break;
                }
                context.say("done " + words[0]);
            }
        }

        private static void hold(PeerContext context, String kind, String name) throws InterruptedException {
            try (Section section = Section.of(kind, name)) {
                section.run(null, (memory, ownerDied) -> {
                    context.say("holds");
                    hear(context);
                });
            }
        }

        private static void hear(PeerContext context) {
            try {
                context.hear();
            } catch (InterruptedException ended) {
                throw new IllegalStateException(ended);
            }
        }

        /** Makes an even number odd, as often as the other side makes an odd one even. */
        private static void answer(PeerContext context, String kind, String name) throws InterruptedException {
            try (AbstractSharedLock lock = LockPeer.lock(kind, name);
                    SharedSegment data = SharedSegment.posix(name + "-data").open()) {
                context.say("answers");
                play(lock, data.buffer(), 1);
            }
        }

        private static void waitAtCondition(PeerContext context, String kind, String name) throws Exception {
            try (AbstractSharedLock lock = LockPeer.lock(kind, name); Threads threads = new Threads()) {
                Condition all = lock.condition("all");
                for (int i = 0; i < 2; i++) {
                    threads.start(() -> {
                        lock.lock();
                        try {
                            all.await();
                        } finally {
                            lock.unlock();
                        }
                        return null;
                    });
                }
            }
        }

        private static void read(PeerContext context, String name) throws InterruptedException {
            try (SharedReadWriteLock lock = SharedReadWriteLock.named(name)) {
                lock.readLock().lock();
                context.say("reads");
                context.hear();
                lock.readLock().unlock();
            }
        }

        private static void meet(PeerContext context, String name) throws InterruptedException {
            try (SharedBarrier barrier = SharedBarrier.named(name, 3)) {
                for (int broken = 0; broken < 2;) {
                    try {
                        context.say("waits");
                        context.say("came as " + barrier.await());
                    } catch (BrokenBarrierException told) {
                        broken++;
                        context.say("broken");
                        context.hear();
                    }
                }
            }
        }

        private static void change(PeerContext context, String what, String name) throws InterruptedException {
            switch (what) {
                case "count-down":
                    try (SharedCountDownLatch latch = SharedCountDownLatch.open(name)) {
                        latch.countDown();
                    }
                    break;
                case "set-manual":
                    try (SharedEvent event = SharedEvent.manual(name)) {
                        event.set();
                    }
                    break;
                case "set-auto":
                    try (SharedEvent event = SharedEvent.auto(name)) {
                        event.set();
                    }
                    break;
                case "add":
                    try (SharedAtomicLong number = SharedAtomicLong.named(name)) {
                        number.await(value -> value != 0, LONG);
                        for (int i = 0; i < ADDITIONS; i++) {
                            number.incrementAndGet();
                        }
                    }
                    break;
                case "flag":
                    try (SharedAtomicBoolean flag = SharedAtomicBoolean.named(name)) {
                        context.say("was " + flag.getAndSet(true));
                    }
                    break;
                default:
                    throw new IllegalArgumentException(what);
            }
        }
    }

    private ChildJvm child() {
        return scope.track(ChildJvm.of(Other.class).jvmArgs("-Xmx32m").start());
    }

    private static void end(ChildJvm child) {
        child.send("end");
        assertEquals(0, child.awaitExit());
    }

    /** Interrupts a thread that waits, as soon as it does so. */
    private static void assertInterruptible(IntSupplier waiting, Callable<?> waits) {
        try (Threads threads = new Threads()) {
            Threads.Running<InterruptedException> asked =
                    threads.queue(waiting, 1, () -> assertThrows(InterruptedException.class, waits::call));
            asked.thread().interrupt();
            asked.get();
        }
    }

    /** It cannot be had in time, nor after an interrupt; and when the other process lets go it can. */
    @Test
    void shouldKeepOthersOutAndLetThemWait() throws Exception {
        ChildJvm child = child();
        for (String kind : Section.KINDS) {
            String name = scope.name("of-" + kind);
            try (Section section = Section.of(kind, name); Threads threads = new Threads()) {
                child.send("hold " + kind + " " + name);
                child.expect("holds");
                assertFalse(section.isFree(), kind);
                assertFalse(section.passes(0), kind);
                assertFalse(section.passes(SHORT_MILLIS), kind);
                assertInterruptible(section::waiting, () -> section.passes(LONG_MILLIS));
                Threads.Running<Boolean> waits = threads.queue(section::waiting, 1, () -> section.passes(LONG_MILLIS));
                child.send("go");
                child.expect("done");
                assertTrue(waits.get(), kind);
                assertTrue(section.isFree(), kind);
            }
        }
        end(child);
    }

    @Test
    void shouldLetProcessesReadTogetherAndOneWrite() throws Exception {
        ChildJvm child = child();
        for (String kind : List.of("write", "write-fair")) {
            readAndWrite(kind, child);
        }
        end(child);
    }

    private void readAndWrite(String kind, ChildJvm child) throws Exception {
        String name = scope.name("both");
        SyncBuilder<SharedReadWriteLock> builder = SharedReadWriteLock.in(SharedSegment.posix(name));
        try (SharedReadWriteLock both = kind.endsWith("fair") ? builder.fair().create() : builder.create();
                Threads threads = new Threads()) {
            child.send("read " + name);
            child.expect("reads");
            assertTrue(both.readLock().tryLock());
            assertEquals(2, both.getReadLockCount());
            both.readLock().unlock();
            assertFalse(both.writeLock().tryLock());
            assertFalse(both.writeLock().tryLock(SHORT_MILLIS, TimeUnit.MILLISECONDS));
            assertInterruptible(both::getQueueLength, () -> {
                both.writeLock().lockInterruptibly();
                return null;
            });
            Threads.Running<Boolean> writes = threads.queue(both::getQueueLength, 1, () -> {
                both.writeLock().lock();
                // Downgrade: the other process cannot write in between.
                both.readLock().lock();
                both.writeLock().unlock();
                both.readLock().unlock();
                return true;
            });
            Await.until(LONG, "it waits for readers", both.writeLock()::isLocked);
            assertFalse(both.readLock().tryLock(), "a writer waits");
            child.send("go");
            child.expect("done");
            assertTrue(writes.get());
            child.send("hold " + kind + " " + name);
            child.expect("holds");
            assertTrue(both.isWriteLocked());
            assertFalse(both.readLock().tryLock());
            assertFalse(both.readLock().tryLock(SHORT_MILLIS, TimeUnit.MILLISECONDS));
            assertInterruptible(both::getQueueLength, () -> {
                both.readLock().lockInterruptibly();
                return null;
            });
            Threads.Running<Boolean> reads = threads.queue(both::getQueueLength, 1, () -> {
                both.readLock().lock();
                both.readLock().unlock();
                return true;
            });
            child.send("go");
            child.expect("done");
            assertTrue(reads.get());
        }
    }

    /** Each signals the other, who waits for that. */
    @Test
    void shouldSignalAnotherProcess() throws Exception {
        ChildJvm child = child();
        for (String kind : List.of("plain", "fair", "reentrant", "write")) {
            signal(kind, child);
        }
        end(child);
    }

    private void signal(String kind, ChildJvm child) throws Exception {
        String name = scope.name("lock");
        try (AbstractSharedLock lock = LockPeer.lock(kind, name);
                SharedSegment data = SharedSegment.posix(name + "-data").create(Long.BYTES)) {
            child.send("answer " + kind + " " + name);
            child.expect("answers");
            play(lock, data.buffer(), 0);
            child.expect("done");
            assertEquals(2 * ROUNDS, data.buffer().getLong(0));
            Condition all = lock.condition("all");
            child.send("wait " + kind + " " + name);
            Await.until(LONG, "both wait", () -> waitersAt(lock, all) == 2);
            lock.lock();
            assertTrue(all.awaitNanos(-1) <= 0);
            assertFalse(all.await(SHORT_MILLIS, TimeUnit.MILLISECONDS), "nobody signals");
            all.signalAll();
            lock.unlock();
            child.expect("done");
        }
    }

    private static int waitersAt(AbstractSharedLock lock, Condition condition) {
        lock.lock();
        try {
            return lock.getWaitQueueLength(condition);
        } finally {
            lock.unlock();
        }
    }

    /** Adds 1 whenever it is one's turn, that is when the number is even, or odd. */
    private static void play(AbstractSharedLock lock, ByteBuffer memory, int turn) throws InterruptedException {
        Condition mine = lock.condition("turn" + turn);
        Condition others = lock.condition("turn" + (1 - turn));
        lock.lock();
        try {
            for (int i = 0; i < ROUNDS; i++) {
                while (memory.getLong(0) % 2 != turn) {
                    mine.await();
                }
                memory.putLong(0, memory.getLong(0) + 1);
                others.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Test
    void shouldWaitForWhatAnotherProcessDoes() throws Exception {
        ChildJvm child = child();
        String name = scope.name("x");
        try (SharedCountDownLatch latch = SharedCountDownLatch.named(name, 1); Threads threads = new Threads()) {
            assertFalse(latch.await(SHORT_MILLIS, TimeUnit.MILLISECONDS));
            IntSupplier waiting = () -> latch.status().waiters().size();
            assertInterruptible(waiting, () -> latch.await(LONG_MILLIS, TimeUnit.MILLISECONDS));
            Threads.Running<Boolean> waits =
                    threads.queue(waiting, 1, () -> latch.await(LONG_MILLIS, TimeUnit.MILLISECONDS));
            child.send("count-down " + name);
            child.expect("done");
            assertTrue(waits.get());
        }
        for (boolean auto : new boolean[] {false, true}) {
            try (SharedEvent event = auto ? SharedEvent.auto(name) : SharedEvent.manual(name);
                    Threads threads = new Threads()) {
                assertFalse(event.await(SHORT_MILLIS, TimeUnit.MILLISECONDS));
                IntSupplier waiting = () -> event.status().waiters().size();
                Callable<Boolean> awaits = () -> event.await(LONG_MILLIS, TimeUnit.MILLISECONDS);
                assertInterruptible(waiting, awaits);
                Threads.Running<Boolean> first = threads.queue(waiting, 1, awaits);
                Threads.Running<Boolean> second = threads.queue(waiting, 2, awaits);
                child.send("set-" + (auto ? "auto" : "manual") + " " + name);
                child.expect("done");
                assertTrue(first.get());
                if (auto) {
                    assertFalse(second.isDone(), "one is let pass each time");
                    assertEquals(1, waiting.getAsInt());
                    event.set();
                }
                assertTrue(second.get());
                assertEquals(!auto, event.isSet());
            }
        }
        end(child);
    }

    @Test
    void shouldChangeNumbersAndFlagsInOneStep() throws Exception {
        ChildJvm child = child();
        String name = scope.name("x");
        try (SharedAtomicLong number = SharedAtomicLong.named(name)) {
            assertThrows(IpcTimeoutException.class,
                    () -> number.await(value -> value != 0, Duration.ofMillis(SHORT_MILLIS)));
            child.send("add " + name);
            for (int i = 0; i < ADDITIONS; i++) {
                number.incrementAndGet();
            }
            assertEquals(2 * ADDITIONS, number.await(value -> value == 2 * ADDITIONS, LONG));
            child.expect("done");
        }
        try (SharedAtomicBoolean flag = SharedAtomicBoolean.named(name)) {
            child.send("flag " + name);
            child.expect("was false");
            assertTrue(flag.get());
            assertFalse(flag.compareAndSet(false, true));
            child.expect("done");
        }
        end(child);
    }

    /** Many generations are shown by {@link PrimitivesTwoJvmTest}. */
    @Test
    void shouldMeetOrBeToldThatTheyDoNot() throws Exception {
        String name = scope.name("b");
        ChildJvm child = child();
        try (SharedBarrier barrier = SharedBarrier.named(name, 3); Threads threads = new Threads()) {
            child.send("barrier " + name);
            awaitWaiting(barrier, child);
            Threads.Running<Integer> second = threads.queue(barrier::getNumberWaiting, 2, barrier::await);
            assertEquals(0, barrier.await(LONG_MILLIS, TimeUnit.MILLISECONDS));
            assertEquals(1, second.get());
            child.expect("came as 2");
            awaitWaiting(barrier, child);
            assertThrows(TimeoutException.class, () -> barrier.await(SHORT_MILLIS, TimeUnit.MILLISECONDS));
            child.expect("broken");
            assertTrue(barrier.isBroken());
            barrier.reset();
            child.send("again");
            awaitWaiting(barrier, child);
            assertInterruptible(() -> barrier.getNumberWaiting() - 1, barrier::await);
            child.expect("broken");
            assertThrows(BrokenBarrierException.class, barrier::await);
            child.send("again");
            child.expect("done");
        }
        end(child);
    }

    private static void awaitWaiting(SharedBarrier barrier, ChildJvm child) {
        child.expect("waits");
        Await.until(LONG, "it waits", () -> barrier.getNumberWaiting() == 1);
    }
}

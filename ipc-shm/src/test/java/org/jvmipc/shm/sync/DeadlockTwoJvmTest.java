package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.testkit.Await;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Deadlocks between processes, some of which die or stand still. */
@IpcDir
class DeadlockTwoJvmTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int COUNT = 3;
    private static final int ROUNDS = Integer.getInteger("jvmipc.test.deadlocks", 25);
    private static final Duration ORDERED = Duration.ofMillis(Integer.getInteger("jvmipc.test.orderedMillis", 600));

    @IpcDir
    private IpcScope scope;

    @AfterEach
    void sweep() {
        LifeSign.sweep();
    }

    private ChildJvm child(boolean detects, Object... args) {
        return scope.track(ChildJvm.of(DeadlockPeer.class).parameter("detects", detects)
                .jvmArgs("-Xmx32m").args(args).start());
    }

    private DeadlockDetector detector(DeadlockPolicy policy, Queue<Deadlock> told, Duration period) {
        return scope.track(new DeadlockDetector(Deadlocks.named(scope.prefix()).scan(), period, policy, told::add));
    }

    private SharedReentrantLock fork(int number) {
        return scope.track(SharedReentrantLock.named(scope.name("fork" + number)));
    }

    /** Each of three processes, and one that holds none of the locks, breaks what it finds. */
    @Test
    void shouldBreakEachDeadlockOnce() {
        Queue<Deadlock> told = new ConcurrentLinkedQueue<>();
        int elsewhere = 0;
        DeadlockDetector detector = detector(DeadlockPolicy.BREAK, told, DeadlockPeer.PERIOD);
        List<ChildJvm> children = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            children.add(child(true, "dine", scope.prefix(), i, COUNT));
        }
        for (int round = 0; round < ROUNDS; round++) {
            children.forEach(child -> child.send("first"));
            children.forEach(child -> child.expect("has"));
            long closed = System.nanoTime();
            children.forEach(child -> child.send("second"));
            List<String> ends = children.stream().map(child -> child.readLine(LONG))
                    .collect(Collectors.toList());
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - closed);
            Collections.sort(ends);
            assertEquals(List.of("ate", "ate", "gave way"), ends, "round " + round);
            assertTrue(millis < 1_000, "round " + round + " took " + millis + " ms");
        }
        for (ChildJvm child : children) {
            child.send("end");
            elsewhere += Integer.parseInt(child.expect("told ").substring("told ".length()));
            assertEquals(0, child.awaitExit());
        }
        detector.close();
        Set<Long> pids = children.stream().map(ChildJvm::pid).collect(Collectors.toSet());
        for (Deadlock deadlock : told) {
            assertEquals(pids, deadlock.waits().stream().map(wait -> wait.process().pid())
                    .collect(Collectors.toSet()));
            assertTrue(deadlock.waits().stream().allMatch(wait -> wait.stack().isEmpty()));
        }
        assertEquals(ROUNDS, told.size() + elsewhere);
    }

    /** They get into each other's way all the time, and one of them stands still for a while. */
    @Test
    void shouldNotReportWhatIsNone() {
        Queue<Deadlock> told = new ConcurrentLinkedQueue<>();
        DeadlockDetector detector = detector(DeadlockPolicy.REPORT, told, Duration.ofMillis(1));
        List<ChildJvm> children = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            children.add(child(false, "order", scope.prefix(), i, COUNT));
        }
        children.forEach(child -> child.expect("begins"));
        children.get(0).stop();
        SharedReentrantLock fork = fork(0);
        DeadlockScan slow = Deadlocks.named(scope.prefix()).scan();
        for (int i = 0; i < 3; i++) {
            Await.until(LONG, "it was looked at", () -> tryFor(fork, 100));
            assertEquals(List.of(), slow.look(DeadlockPolicy.REPORT));
        }
        children.get(0).cont();
        long end = System.nanoTime() + ORDERED.toNanos();
        Await.until(LONG.plus(ORDERED), "they have run for long", () -> System.nanoTime() - end > 0);
        children.forEach(child -> child.send("end"));
        for (ChildJvm child : children) {
            int rounds = Integer.parseInt(child.expect("done ", LONG).substring("done ".length()));
            assertTrue(rounds > 100, rounds + " rounds");
            assertEquals(0, child.awaitExit());
        }
        detector.close();
        assertTrue(told.isEmpty(), told.toString());
    }

    /** Tries, whether the lock can be had or not. */
    private static boolean tryFor(SharedReentrantLock lock, long millis) {
        try {
            if (lock.tryLock(millis, TimeUnit.MILLISECONDS)) {
                lock.unlock();
            }
            return true;
        } catch (InterruptedException asked) {
            throw new AssertionError(asked);
        }
    }

    /** This process holds the first and waits for the second, which the child holds, who then waits for the first. */
    private ChildJvm deadlock(Threads threads, List<Threads.Running<String>> here) {
        SharedReentrantLock second = fork(1);
        ChildJvm child = child(false, "dine", scope.prefix(), 1, 2);
        child.send("first");
        child.expect("has");
        SharedReentrantLock first = fork(0);
        here.add(threads.start(() -> {
            first.lock();
            try {
                second.lock();
                second.unlock();
                return "ate";
            } catch (DeadlockException | OwnerDiedException told) {
                return told.getClass().getSimpleName();
            } finally {
                first.unlock();
            }
        }));
        Await.until(LONG, "this waits", () -> second.getQueueLength() == 1);
        long began = System.currentTimeMillis();
        Await.until(LONG, "the child begins later", () -> System.currentTimeMillis() > began);
        child.send("second");
        Await.until(LONG, "the child waits", () -> first.getQueueLength() == 1);
        return child;
    }

    @Test
    void shouldLeaveTheDeadToThoseWhoWait() throws Exception {
        List<Threads.Running<String>> here = new ArrayList<>();
        try (Threads threads = new Threads()) {
            ChildJvm child = deadlock(threads, here);
            child.kill();
            child.awaitDeath(LONG);
            assertEquals(List.of(), Deadlocks.named(scope.prefix()).find());
            assertEquals("OwnerDiedException", here.get(0).get());
        }
        assertThrows(OwnerDiedException.class, () -> fork(1).lock());
        // What nobody has repaired would stay.
        assertTrue(SharedReentrantLock.in(SharedSegment.posix(scope.name("fork1"))).destroy());
    }

    /** The victim is stopped: nobody else gives way instead, and it does when it goes on. */
    @Test
    void shouldWaitForAVictimThatIsStopped() {
        List<Threads.Running<String>> here = new ArrayList<>();
        try (Threads threads = new Threads()) {
            ChildJvm child = deadlock(threads, here);
            child.stop();
            DeadlockScan scan = Deadlocks.named(scope.prefix()).scan();
            List<Deadlock> found = new ArrayList<>(scan.look(DeadlockPolicy.BREAK));
            found.addAll(scan.look(DeadlockPolicy.BREAK));
            assertEquals(1, found.size());
            assertEquals(child.pid(), found.get(0).victim().process().pid());
            DeadlockScan another = Deadlocks.opened().scan();
            for (int i = 0; i < 3; i++) {
                assertEquals(List.of(), scan.look(DeadlockPolicy.BREAK));
                assertEquals(List.of(), another.look(DeadlockPolicy.BREAK));
            }
            assertTrue(found.get(0).waits().stream().anyMatch(wait -> wait.stack().stream()
                    .anyMatch(frame -> frame.getClassName().startsWith(DeadlockTwoJvmTest.class.getName()))));
            child.cont();
            child.expect("gave way");
            assertEquals("ate", here.get(0).get());
            child.send("end");
            assertEquals(0, child.awaitExit());
        }
    }
}

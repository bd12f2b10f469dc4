package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.ReceivedValue;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Pools between processes, some of which die or stand still. */
@IpcDir
class SharedPoolTwoJvmTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int COUNT = PoolPeer.COUNT;

    @IpcDir
    private IpcScope scope;

    private ChildJvm child(Object... args) {
        return scope.track(ChildJvm.of(PoolPeer.class).args(args).start());
    }

    @AfterEach
    void shouldLeaveNothing() {
        LifeSign.sweep();
        assertFalse(Files.exists(PosixNames.path(scope.name("pool"))));
    }

    private static long handle(ChildJvm child) {
        return Long.parseLong(child.expect("handle ").substring("handle ".length()));
    }

    private static void kill(ChildJvm child) {
        child.kill();
        child.awaitDeath(LONG);
    }

    /** All blocks can be had, each once. */
    private static void checkAllFree(SharedPool pool) {
        assertEquals(COUNT, pool.status().free(), () -> pool.status().toString());
        List<PoolBlock> all = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            all.add(pool.tryLoan());
            assertNotNull(all.get(i));
        }
        assertNull(pool.tryLoan());
        all.forEach(PoolBlock::release);
    }

    @Test
    void shouldTakeNothingFromAStoppedProcessAndAllFromADeadOne() throws Exception {
        String name = scope.name("pool");
        try (SharedPool pool = PoolPeer.pool(name).create()) {
            ChildJvm child = child("hold", name);
            child.expect("holds");
            child.stop();
            IpcTimeoutException none =
                    assertThrows(IpcTimeoutException.class, () -> pool.loan(Duration.ofMillis(700)));
            assertTrue(none.getMessage().contains("pid " + child.pid()) && none.getMessage().contains("6 owned"),
                    none.getMessage());
            assertEquals(0, pool.reclaim());
            assertFalse(pool.status().holders().get(0).isGone());
            child.cont();
            child.send("go on");
            try (PoolBlock block = pool.take(handle(child))) {
                assertEquals(4711, Payloads.check(block.buffer()));
            }
            PoolBlock own = pool.loan(LONG);
            kill(child);
            long start = System.nanoTime();
            pool.loan(LONG).release();
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(2));
            own.release();
            checkAllFree(pool);
        }
    }

    @Test
    void shouldDeliverWhatADeadProcessSent() {
        String name = scope.name("pool");
        try (SharedPool pool = PoolPeer.pool(name).create()) {
            ChildJvm child = child("send", name);
            long taken = handle(child);
            long lost = handle(child);
            Await.until(LONG, "one more is owned", () -> pool.status().owned() == 1);
            kill(child);
            assertEquals(1, pool.reclaim(), "what it owned");
            assertEquals(2, pool.status().inFlight());
            try (PoolBlock block = pool.take(taken)) {
                assertEquals(800, block.length());
                assertEquals(0, Payloads.check(block.buffer()));
            }
            assertEquals(1, pool.reclaimInFlight(Duration.ZERO));
            assertThrows(StaleHandleException.class, () -> pool.take(lost));
            assertThrows(StaleHandleException.class, () -> pool.take(taken));
            checkAllFree(pool);
        }
    }

    /** Its threads may write until it is gone. */
    @Test
    void shouldFreeTheBlocksOfAProcessThatEndsWhenItHasEnded() throws Exception {
        String name = scope.name("pool");
        try (SharedPool pool = PoolPeer.pool(name).create()) {
            ChildJvm child = child("exit", name);
            child.expect("writes");
            List<PoolBlock> others = new ArrayList<>();
            for (int i = 1; i < COUNT; i++) {
                others.add(pool.tryLoan());
            }
            child.send("end");
            try (PoolBlock block = pool.loan(LONG)) {
                Payloads.fill(block.buffer(), 5);
                assertEquals(0, child.awaitExit());
                assertEquals(5, Payloads.check(block.buffer()), "nobody wrote meanwhile");
            }
            others.forEach(PoolBlock::release);
            checkAllFree(pool);
        }
        // One that is alone takes the pool with it.
        ChildJvm alone = child("exit", name);
        alone.expect("writes");
        alone.send("end");
        assertEquals(0, alone.awaitExit());
    }

    /** Two processes send blocks on through rings, a third one has two threads; the first two are killed at random. */
    @Test
    void shouldLoseNoBlockWhenProcessesAreKilledAtRandom() throws Exception {
        String name = scope.name("pool");
        String wait = "?peerDeath=wait";
        String first = scope.address("shm", "first") + wait;
        String second = scope.address("shm", "second") + wait;
        String within = scope.address("mem", "within");
        int kills = Integer.getInteger("ipc.test.poolKills", 6);
        Random random = new Random(Long.getLong("ipc.test.seed", System.nanoTime()));
        ExecutorService threads = Executors.newCachedThreadPool();
        try (SharedPool pool = PoolPeer.pool(name).create();
                TypedReceiver<Long> in = Ipc.receiver(second, Codec.longs());
                TypedSender<Long> on = Ipc.sender(within, Codec.longs());
                TypedReceiver<Long> end = Ipc.receiver(within, Codec.longs())) {
            Arrivals arrivals = new Arrivals(pool);
            Future<?> taking = threads.submit(() -> arrivals.take(in, on));
            Future<?> checking = threads.submit(() -> arrivals.check(end));
            ChildJvm producer = child("produce", name, first, 0);
            ChildJvm relay = child("relay", name, first, second);
            producer.expect("produces");
            relay.expect("relays");
            for (int i = 1; i <= kills; i++) {
                long wanted = arrivals.checked + 1 + random.nextInt(200);
                Await.until(LONG, () -> "blocks arrive: " + pool.status() + failure(taking) + failure(checking),
                        () -> arrivals.checked >= wanted || taking.isDone() || checking.isDone());
                if (random.nextBoolean()) {
                    kill(producer);
                    producer = child("produce", name, first, i * 1_000_000_000L);
                    producer.expect("produces");
                } else {
                    kill(relay);
                    relay = child("relay", name, first, second);
                    relay.expect("relays");
                }
                // What went down with a process between handing over and sending, or between receiving and taking.
                pool.reclaimInFlight(Duration.ofSeconds(5));
            }
            long wanted = arrivals.checked + 50;
            Await.until(LONG, () -> "blocks arrive: " + pool.status() + failure(taking) + failure(checking),
                    () -> arrivals.checked >= wanted || taking.isDone() || checking.isDone());
            producer.send("end");
            assertEquals(0, producer.awaitExit());
            Await.until(LONG, () -> "what is on the way arrives: " + pool.status(), arrivals::isQuiet);
            relay.send("end");
            assertEquals(0, relay.awaitExit());
            Await.until(LONG, () -> "what is on the way arrives: " + pool.status(), arrivals::isQuiet);
            arrivals.ends = true;
            taking.get(20, TimeUnit.SECONDS);
            checking.get(20, TimeUnit.SECONDS);
            pool.reclaim();
            assertTrue(pool.reclaimInFlight(Duration.ZERO) <= kills, "more than the killed had in hand");
            checkAllFree(pool);
        } finally {
            threads.shutdownNow();
        }
    }

    private static String failure(Future<?> future) {
        try {
            return future.isDone() ? ", ended " + future.get() : "";
        } catch (Exception failed) {
            return ", " + failed.getCause();
        }
    }

    /** The third process: one thread takes blocks and hands them to another one, which checks them. */
    private static final class Arrivals {
        private final SharedPool pool;
        private volatile long checked;
        private volatile long lastNanos = System.nanoTime();
        private volatile boolean ends;

        Arrivals(SharedPool pool) {
            this.pool = pool;
        }

        boolean isQuiet() {
            return System.nanoTime() - lastNanos > TimeUnit.MILLISECONDS.toNanos(300);
        }

        Void take(TypedReceiver<Long> in, TypedSender<Long> on) throws InterruptedException {
            while (!ends) {
                ReceivedValue<Long> next = in.receive(Duration.ofMillis(20));
                PoolBlock block = next.isValue() ? PoolPeer.taken(pool, next.value()) : null;
                if (block != null) {
                    on.send(block.handOver());
                }
            }
            return null;
        }

        Void check(TypedReceiver<Long> end) throws InterruptedException {
            while (!ends) {
                ReceivedValue<Long> next = end.receive(Duration.ofMillis(20));
                if (next.isValue()) {
                    try (PoolBlock block = pool.take(next.value())) {
                        assertTrue(Payloads.check(block.buffer()) <= 0);
                    }
                    lastNanos = System.nanoTime();
                    checked++;
                }
            }
            return null;
        }
    }
}

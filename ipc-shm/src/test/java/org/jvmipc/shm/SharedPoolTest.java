package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.WaitStrategy;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** A pool in one JVM, where each object is a participant. */
@IpcDir
class SharedPoolTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int BLOCK = 1000;
    private static final int COUNT = 4;

    @IpcDir
    private IpcScope scope;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private SharedSegmentBuilder segment() {
        return SharedSegment.file(scope.path("pool"));
    }

    private SharedPoolBuilder pool() {
        return SharedPool.in(segment()).blocks(BLOCK, COUNT);
    }

    @Test
    void shouldMoveABlockFromOneToTheOther() throws Exception {
        try (SharedPool one = pool().create(); SharedPool two = SharedPool.in(segment()).open()) {
            PoolBlock loaned = one.loan(LONG);
            assertEquals(BLOCK, loaned.capacity());
            assertEquals(BLOCK, loaned.length());
            ByteBuffer bytes = loaned.buffer();
            assertEquals(BLOCK, bytes.remaining());
            for (int i = 0; i < 700; i += 4) {
                bytes.putInt(i);
            }
            long handle = loaned.handOver(700);
            assertFalse(loaned.isOwned());
            assertEquals(1, two.status().inFlight());
            try (PoolBlock taken = two.take(handle)) {
                assertTrue(taken.isOwned());
                assertEquals(700, taken.length());
                ByteBuffer seen = taken.buffer();
                assertEquals(700, seen.remaining());
                assertEquals(BLOCK, seen.capacity());
                for (int i = 0; i < 700; i += 4) {
                    assertEquals(i, seen.getInt());
                }
                PoolStatus status = one.status();
                assertEquals(List.of(new PoolStatus.SizeClass(BLOCK, COUNT, 3, 1, 0)), status.classes());
                assertEquals(1, status.holders().size());
                assertEquals(ProcessHandle.current().pid(), status.holders().get(0).who().pid());
                assertFalse(status.holders().get(0).isGone());
            }
            assertEquals(COUNT, one.status().free());
            assertEquals(List.of(), one.status().holders());
            assertEquals(2, one.participants().size());
        }
        assertFalse(Files.exists(scope.path("pool")));
    }

    @Test
    void shouldLoanTheSmallestThatFitsAndIsFree() {
        try (SharedPool pool = SharedPool.in(segment()).powersOfTwo(128, 512, 1).create()) {
            assertEquals(128, pool.tryLoan(0).capacity());
            PoolBlock next = pool.tryLoan(5);
            assertEquals(256, next.capacity());
            assertEquals(5, next.length());
            assertEquals(5, next.buffer().remaining());
            PoolBlock last = pool.tryLoan();
            assertEquals(512, last.length());
            assertNull(pool.tryLoan(0));
            last.release();
            assertEquals(512, pool.tryLoan(512).capacity());
            assertEquals(0, pool.status().free());
            MessageTooLargeException large = assertThrows(MessageTooLargeException.class, () -> pool.tryLoan(513));
            assertEquals(512, large.limit());
            assertThrows(IllegalArgumentException.class, () -> pool.tryLoan(-1));
        }
    }

    @Test
    void shouldRefuseUseAfterItWasGivenAway() {
        try (SharedPool pool = pool().create()) {
            PoolBlock block = pool.tryLoan();
            assertThrows(IllegalArgumentException.class, () -> block.handOver(BLOCK + 1));
            assertThrows(IllegalArgumentException.class, () -> block.handOver(-1));
            assertTrue(block.isOwned());
            block.release();
            for (Runnable use : List.<Runnable>of(block::release, block::buffer, block::handOver)) {
                assertTrue(assertThrows(IllegalStateException.class, use::run).getMessage().contains("loan another"));
            }
            block.close();
            PoolBlock other = pool.tryLoan();
            long handle = other.handOver();
            assertThrows(IllegalStateException.class, other::handOver);
            assertThrows(IllegalStateException.class, other::buffer);
            other.close();
            assertEquals(1, pool.status().inFlight(), "closing it takes nothing back");
            PoolBlock back = pool.take(handle);
            StaleHandleException stale = assertThrows(StaleHandleException.class, () -> pool.take(handle));
            assertEquals(handle, stale.handle());
            assertTrue(stale.getMessage().contains("taken already"), stale.getMessage());
            back.close();
            back.close();
            assertThrows(StaleHandleException.class, () -> pool.take(handle));
            assertThrows(StaleHandleException.class, () -> pool.take(0));
            assertThrows(StaleHandleException.class, () -> pool.take(ThreadLocalRandom.current().nextLong()));
            assertEquals(COUNT, pool.status().free());
        }
    }

    @Test
    void shouldRefuseAHandleOfAPredecessor() {
        long handle;
        try (SharedPool pool = pool().create()) {
            handle = pool.tryLoan().handOver();
        }
        try (SharedPool pool = pool().create()) {
            PoolBlock block = pool.tryLoan();
            block.handOver();
            assertThrows(StaleHandleException.class, () -> pool.take(handle));
        }
    }

    @Test
    void shouldRefuseAnotherPoolOrNone() {
        try (SharedPool pool = pool().create()) {
            differs("4 x 1000", "3 x 1001", () -> SharedPool.in(segment()).blocks(1001, 3).open());
            assertThrows(IncompatibleChannelException.class,
                    () -> SharedPool.in(segment()).blocks(BLOCK, 400).openOrCreate());
            // The same bytes in all.
            differs("4 x 1000", "4 x 1001", () -> SharedPool.in(segment()).blocks(1001, COUNT).openOrCreate());
            pool().openOrCreate().close();
            assertEquals(1, pool.participants().size(), "those that were refused are out again");
            assertThrows(IncompatibleChannelException.class, () -> segment().type("prices/2").open());
        }
        try (SharedSegment memory = segment().create(100_000)) {
            differs("no pool", "choose", () -> SharedPool.in(segment()).open());
            assertEquals(1, memory.participants().size());
        }
        try (SharedSegment memory = segment().create(100)) {
            differs("no pool", "choose", () -> SharedPool.in(segment()).open());
            assertEquals(100, memory.size());
        }
    }

    private static void differs(String found, String wanted, Runnable open) {
        IncompatibleChannelException differs = assertThrows(IncompatibleChannelException.class, open::run);
        assertTrue(differs.getMessage().contains(found) && differs.getMessage().contains(wanted),
                differs.getMessage());
    }

    @Test
    void shouldRefuseWhatIsNoArgument() {
        assertThrows(IllegalArgumentException.class, () -> SharedPool.in(segment()).create());
        assertThrows(IllegalArgumentException.class, () -> SharedPool.in(segment()).openOrCreate());
        assertThrows(IllegalArgumentException.class, () -> pool().blocks(BLOCK, 1));
        assertThrows(IllegalArgumentException.class, () -> pool().blocks(0, 1));
        assertThrows(IllegalArgumentException.class, () -> pool().blocks(1, 0));
        assertThrows(IllegalArgumentException.class, () -> pool().powersOfTwo(3, 8, 1));
        assertThrows(IllegalArgumentException.class, () -> pool().powersOfTwo(8, 4, 1));
        assertThrows(IllegalArgumentException.class, () -> pool().powersOfTwo(0, 4, 1));
        SharedPoolBuilder full = SharedPool.in(segment());
        for (int i = 1; i <= PoolLayout.CLASSES_MAX; i++) {
            full.blocks(i, 1);
        }
        assertTrue(assertThrows(IllegalArgumentException.class, () -> full.blocks(100, 1)).getMessage()
                .contains("1 to 32"));
        try (SharedPool pool = full.create()) {
            assertEquals(PoolLayout.CLASSES_MAX, pool.status().free());
        }
    }

    @Test
    void shouldHoldBlocksAcrossWindows() {
        try (SharedPool pool = SharedPool.in(segment().stride(32768)).blocks(20_000, 9).create()) {
            List<PoolBlock> blocks = new ArrayList<>();
            for (PoolBlock block; (block = pool.tryLoan()) != null; ) {
                blocks.add(block);
                ByteBuffer bytes = block.buffer();
                while (bytes.hasRemaining()) {
                    bytes.put((byte) blocks.size());
                }
            }
            assertEquals(9, blocks.size());
            for (int i = 0; i < 9; i++) {
                ByteBuffer bytes = blocks.get(i).buffer();
                assertEquals(i + 1, bytes.get(0));
                assertEquals(i + 1, bytes.get(19_999));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(WaitStrategy.class)
    void shouldWaitForABlock(WaitStrategy strategy) throws Exception {
        try (SharedPool one = SharedPool.in(segment().waitStrategy(strategy)).blocks(BLOCK, COUNT).create();
                SharedPool two = SharedPool.in(segment()).open()) {
            List<PoolBlock> all = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                all.add(two.tryLoan());
            }
            IpcTimeoutException none = assertThrows(IpcTimeoutException.class, () -> one.loan(SHORT));
            assertTrue(none.getMessage().contains("pid " + ProcessHandle.current().pid())
                    && none.getMessage().contains("4 owned") && none.getMessage().contains("0 free"),
                    none.getMessage());
            AtomicReference<Thread> waiter = new AtomicReference<>();
            Future<PoolBlock> waiting = threads.submit(() -> {
                waiter.set(Thread.currentThread());
                return one.loan(LONG);
            });
            if (strategy == WaitStrategy.BLOCK || strategy == WaitStrategy.ADAPTIVE) {
                Await.blocked(Await.value(LONG, "a waiter", waiter::get), LONG);
            }
            all.get(2).release();
            assertTrue(waiting.get(20, TimeUnit.SECONDS).isOwned());
            Future<PoolBlock> closed = threads.submit(() -> one.loan(LONG));
            threads.submit(one::close).get();
            ExecutionException refused = assertThrows(ExecutionException.class, closed::get);
            assertTrue(refused.getCause() instanceof ChannelClosedException, refused.toString());
            assertEquals(1, two.status().free(), "closing gave back what was owned");
            assertEquals(3, two.status().owned());
        }
    }

    @Test
    void shouldEndWaitingWhenInterrupted() throws Exception {
        try (SharedPool pool = pool().create()) {
            for (int i = 0; i < COUNT; i++) {
                pool.tryLoan();
            }
            AtomicReference<Thread> waiter = new AtomicReference<>();
            Future<PoolBlock> waiting = threads.submit(() -> {
                waiter.set(Thread.currentThread());
                return pool.loan(LONG);
            });
            Thread thread = Await.value(LONG, "a waiter", waiter::get);
            Await.blocked(thread, LONG);
            thread.interrupt();
            ExecutionException ended = assertThrows(ExecutionException.class, waiting::get);
            assertTrue(ended.getCause() instanceof InterruptedException, ended.toString());
            assertEquals(COUNT, pool.status().owned());
        }
    }

    @Test
    void shouldRefuseAllWhenItIsClosed() throws Exception {
        SharedPool pool = pool().create();
        PoolBlock block = pool.tryLoan();
        ByteBuffer kept = block.buffer().putInt(0, 4711);
        long handle = pool.tryLoan().handOver();
        pool.close();
        pool.close();
        assertFalse(pool.isOpen());
        assertFalse(block.isOwned());
        List<Callable<?>> calls = List.of(pool::tryLoan, () -> pool.loan(LONG), () -> pool.take(handle), pool::reclaim,
                () -> pool.reclaimInFlight(Duration.ZERO), pool::status, pool::participants, block::buffer,
                block::handOver);
        for (Callable<?> call : calls) {
            assertThrows(ChannelClosedException.class, call::call);
        }
        block.close();
        assertEquals(4711, kept.getInt(0), "a view that was kept does not crash");
    }

    @Test
    void shouldLetBlocksInFlightOutliveTheirSender() {
        try (SharedPool two = pool().create()) {
            SharedPool one = pool().open();
            PoolBlock block = one.tryLoan();
            block.buffer().putLong(8, 4711);
            long handle = block.handOver(16);
            one.tryLoan();
            one.close();
            assertEquals(0, two.reclaim(), "it gave back what it owned");
            PoolStatus status = two.status();
            assertEquals(1, status.inFlight());
            assertTrue(status.holders().get(0).isGone());
            PoolBlock taken = two.take(handle);
            assertEquals(4711, taken.buffer().getLong(8));
            taken.close();
            assertEquals(COUNT, two.status().free());
        }
    }

    @Test
    void shouldFreeWhatIsInFlightOnlyWhenToldTo() throws Exception {
        try (SharedPool two = pool().create(); SharedPool alive = pool().open()) {
            SharedPool one = pool().open();
            long lost = one.tryLoan().handOver();
            one.close();
            long wanted = alive.tryLoan().handOver();
            long own = two.tryLoan().handOver();
            assertEquals(0, two.reclaimInFlight(Duration.ofHours(1)));
            assertEquals(0, two.reclaimInFlight(Duration.ofHours(1)));
            assertEquals(3, two.status().inFlight());
            Duration lease = Duration.ofMillis(30);
            Await.until(LONG, "the lease is over", () -> two.reclaimInFlight(lease) == 2);
            assertThrows(StaleHandleException.class, () -> two.take(lost));
            assertThrows(StaleHandleException.class, () -> alive.take(own));
            assertEquals(0, two.reclaimInFlight(Duration.ZERO), "the sender is there");
            two.take(wanted).release();
            // Each handing over counts anew.
            long again = two.tryLoan().handOver();
            assertEquals(0, two.reclaimInFlight(Duration.ofHours(1)));
            two.take(again).release();
            assertEquals(COUNT, two.status().free());
        }
    }

    /** Blocks go round between the threads of two participants; nobody finds a stranger's bytes in his own. */
    @Test
    void shouldHaveOneOwnerAtATimeUnderLoad() throws Exception {
        BlockingQueue<Long> handles = new LinkedBlockingQueue<>();
        Set<Integer> held = ConcurrentHashMap.newKeySet();
        AtomicLong moved = new AtomicLong();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("ipc.test.poolMillis", 700));
        try (SharedPool one = pool().create(); SharedPool two = pool().open()) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                SharedPool pool = i % 2 == 0 ? one : two;
                boolean sweeps = i == 0;
                workers.add(threads.submit(() -> {
                    while (System.nanoTime() - end < 0) {
                        if (sweeps) {
                            pool.reclaim();
                        }
                        Long handle = handles.poll();
                        try (PoolBlock block = handle != null ? pool.take(handle) : pool.tryLoan()) {
                            if (block != null) {
                                use(block, held, handle != null);
                                moved.incrementAndGet();
                                held.remove(BlockState.index(block.ticket()));
                                if (ThreadLocalRandom.current().nextInt(4) > 0) {
                                    handles.add(block.handOver());
                                }
                            }
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> worker : workers) {
                worker.get(30, TimeUnit.SECONDS);
            }
            for (Long handle; (handle = handles.poll()) != null; ) {
                one.take(handle).release();
            }
            assertEquals(Set.of(), held);
            assertEquals(COUNT, one.status().free());
            for (int i = 0; i < COUNT; i++) {
                assertNotNull(two.tryLoan());
            }
            assertNull(two.tryLoan());
            assertTrue(moved.get() > 1000, moved + " moved");
        }
    }

    private static void use(PoolBlock block, Set<Integer> held, boolean isTaken) {
        assertTrue(held.add(BlockState.index(block.ticket())), "two owners");
        ByteBuffer bytes = block.buffer();
        if (isTaken) {
            Payloads.check(bytes);
        }
        Payloads.fill(bytes, ThreadLocalRandom.current().nextLong());
    }
}

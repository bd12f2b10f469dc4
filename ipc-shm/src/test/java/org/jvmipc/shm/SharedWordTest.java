package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.WaitStrategy;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Words of a segment, and what lies across windows. */
@IpcDir
class SharedWordTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int STRIDE = 16384;

    @IpcDir
    private IpcScope scope;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private SharedSegmentBuilder segment() {
        return SharedSegment.file(scope.path("words"));
    }

    @Test
    void shouldDoArithmeticAsTheJdksAtomics() {
        try (SharedSegment segment = segment().create(64)) {
            SharedLong number = segment.longAt(56);
            number.set(5);
            assertEquals(5, number.getAndAdd(3));
            assertEquals(10, number.addAndGet(2));
            assertFalse(number.compareAndSet(9, 1));
            assertTrue(number.compareAndSet(10, Long.MIN_VALUE));
            assertEquals(Long.MIN_VALUE, number.getAndSet(-1));
            assertEquals(-1, segment.buffer().getLong(56));
            number.setRelease(6);
            assertEquals(6, number.getAcquire());
            SharedInt small = segment.intAt(60);
            small.set(5);
            assertEquals(5, small.getAndAdd(3));
            assertEquals(10, small.addAndGet(2));
            assertFalse(small.compareAndSet(9, 1));
            assertTrue(small.compareAndSet(10, Integer.MIN_VALUE));
            assertEquals(Integer.MIN_VALUE, small.getAndSet(-2));
            small.setRelease(7);
            assertEquals(7, small.getAcquire());
            assertEquals(7L << 32 | 6, number.get(), "the upper half is the int's");
        }
    }

    @Test
    void shouldRefuseAPlaceThatIsNone() {
        try (SharedSegment segment = segment().create(63)) {
            segment.longAt(48);
            segment.intAt(56);
            assertThrows(IndexOutOfBoundsException.class, () -> segment.longAt(56));
            assertThrows(IndexOutOfBoundsException.class, () -> segment.intAt(60));
            assertThrows(IndexOutOfBoundsException.class, () -> segment.longAt(-8));
            assertThrows(IndexOutOfBoundsException.class, () -> segment.longAt(Long.MAX_VALUE - 7));
            assertTrue(assertThrows(IllegalArgumentException.class, () -> segment.longAt(12)).getMessage()
                    .contains("such as 8"));
            assertThrows(IllegalArgumentException.class, () -> segment.intAt(2));
            assertThrows(IndexOutOfBoundsException.class, () -> segment.buffer(60, 4));
            assertThrows(IndexOutOfBoundsException.class, () -> segment.buffer(-1, 4));
            assertThrows(IndexOutOfBoundsException.class, () -> segment.buffer(5, Long.MAX_VALUE));
            assertEquals(0, segment.buffer(63, 0).remaining());
        }
    }

    @Test
    void shouldAddUpWhatManyThreadsAdd() throws Exception {
        try (SharedSegment one = segment().create(64); SharedSegment two = segment().open()) {
            List<Future<?>> adding = new ArrayList<>();
            for (SharedSegment segment : List.of(one, two, one, two)) {
                adding.add(threads.submit(() -> {
                    SharedLong number = segment.longAt(8);
                    SharedInt small = segment.intAt(4);
                    for (int i = 0; i < 20_000; i++) {
                        number.getAndAdd(3);
                        int seen = small.get();
                        while (!small.compareAndSet(seen, seen + 1)) {
                            seen = small.get();
                        }
                    }
                }));
            }
            for (Future<?> done : adding) {
                done.get();
            }
            assertEquals(240_000, one.longAt(8).get());
            assertEquals(80_000, one.intAt(4).get());
            assertEquals(0, one.intAt(0).get());
        }
    }

    @ParameterizedTest
    @EnumSource(WaitStrategy.class)
    void shouldWaitForAValue(WaitStrategy strategy) throws Exception {
        try (SharedSegment one = segment().waitStrategy(strategy).create(64);
                SharedSegment two = segment().waitStrategy(strategy).open()) {
            SharedLong number = one.longAt(8);
            number.set(4);
            assertEquals(4, number.await(value -> value == 4, Duration.ZERO));
            long start = System.nanoTime();
            IpcTimeoutException late = assertThrows(IpcTimeoutException.class,
                    () -> number.await(value -> value != 4, Duration.ofMillis(50)));
            assertTrue(System.nanoTime() - start >= 50_000_000);
            assertTrue(late.getMessage().contains("at 8") && late.getMessage().contains("is 4"), late.getMessage());

            Waiting waiting = new Waiting(() -> number.await(value -> value > 10, LONG));
            two.longAt(8).getAndAdd(1);
            assertFalse(waiting.result.isDone());
            two.longAt(8).getAndAdd(10);
            assertEquals(15L, waiting.result.get());

            SharedInt small = one.intAt(0);
            waiting = new Waiting(() -> small.await(value -> value == -3, LONG));
            two.intAt(0).setRelease(-3);
            two.intAt(0).signal();
            assertEquals(-3, waiting.result.get());

            IllegalStateException odd = new IllegalStateException("odd");
            waiting = new Waiting(() -> small.await(value -> {
                if (value == 1) {
                    throw odd;
                }
                return false;
            }, LONG));
            two.intAt(0).set(1);
            Waiting thrown = waiting;
            assertSame(odd, assertThrows(ExecutionException.class, () -> thrown.result.get()).getCause());
        }
    }

    @ParameterizedTest
    @EnumSource(WaitStrategy.class)
    void shouldEndWaitingWithAnInterruptOrByClosing(WaitStrategy strategy) throws Exception {
        SharedSegment segment = segment().waitStrategy(strategy).create(64);
        Waiting waiting = new Waiting(() -> segment.longAt(8).await(value -> value == 1, LONG));
        waiting.thread.interrupt();
        Waiting interrupted = waiting;
        assertTrue(assertThrows(ExecutionException.class, () -> interrupted.result.get()).getCause()
                instanceof InterruptedException);
        waiting = new Waiting(() -> segment.longAt(8).await(value -> value == 1, LONG));
        long start = System.nanoTime();
        segment.close();
        Waiting closed = waiting;
        assertTrue(assertThrows(ExecutionException.class, () -> closed.result.get()).getCause()
                instanceof ChannelClosedException);
        assertTrue(System.nanoTime() - start < 1_000_000_000L, "long before its time");
    }

    @Test
    void shouldHoldNoCarrierWhileItWaits() throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
        ExecutorService virtual = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
                .invoke(null);
        try (SharedSegment segment = segment().create(4096)) {
            List<Future<Long>> waiting = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                SharedLong word = segment.longAt(8 * i);
                waiting.add(virtual.submit(() -> word.await(value -> value != 0, LONG)));
            }
            // If they held their carriers there would be none left for this one.
            virtual.submit(() -> {
                for (int i = 0; i < 40; i++) {
                    segment.longAt(8 * i).set(i + 1);
                }
            }).get();
            for (int i = 0; i < 40; i++) {
                assertEquals(i + 1, waiting.get(i).get());
            }
        } finally {
            virtual.shutdown();
        }
    }

    @Test
    void shouldMakeNoSystemCallWhenNobodySleeps() {
        try (SharedSegment segment = segment().create(64)) {
            SharedLong number = segment.longAt(8);
            for (int i = 0; i < 1000; i++) {
                number.set(i);
                number.getAndAdd(1);
                number.compareAndSet(i + 1, 0);
            }
            // A waker adds to the sequence before it calls the kernel.
            for (int line = 0; line < SharedLayout.WAIT_LINES; line++) {
                assertEquals(0, header().getInt(SharedLayout.WAIT_TABLE + line * SegmentLayout.LINE));
            }
        }
    }

    private ByteBuffer header() {
        try (Backing.Handle handle = new FileBacking(scope.path("words")).open(false, System.nanoTime())) {
            return handle.read(SharedLayout.HEADER_SIZE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldSpreadWaitersOverTheTable() {
        int[] hits = new int[SharedLayout.WAIT_LINES];
        for (int i = 0; i < 1024; i++) {
            int line = SharedLayout.waitLine(128L * i);
            assertEquals(line, SharedLayout.waitLine(128L * i + 4), "both halves of a long");
            assertEquals(0, (line - SharedLayout.WAIT_TABLE) % SegmentLayout.LINE);
            hits[(line - SharedLayout.WAIT_TABLE) / SegmentLayout.LINE]++;
        }
        for (int hit : hits) {
            assertTrue(hit > 32 && hit < 128, Arrays.toString(hits));
        }
    }

    @Test
    void shouldReachEverythingThroughWindows() {
        int size = 100_000;
        try (SharedSegment small = segment().stride(STRIDE).create(size); SharedSegment whole = segment().open()) {
            for (int offset = 0; offset < size; offset += 8) {
                small.longAt(offset).set(offset + 1L);
            }
            ByteBuffer all = whole.buffer();
            for (int offset = 0; offset < size; offset += 8) {
                assertEquals(offset + 1L, all.getLong(offset));
            }
            int most = new Windows(size, STRIDE).most();
            for (int offset = 0; offset <= size - most; offset += 1000) {
                ByteBuffer view = small.buffer(offset, most);
                for (int i = 0; i < most; i += 200) {
                    assertEquals(all.get(offset + i), view.get(i));
                }
            }
            IllegalArgumentException tooLong =
                    assertThrows(IllegalArgumentException.class, () -> small.buffer(0, size));
            assertTrue(tooLong.getMessage().contains(String.valueOf(most)), tooLong.getMessage());
            assertThrows(IllegalArgumentException.class, small::buffer);
            assertEquals(size, whole.buffer(size, 0).capacity() + size);
        }
    }

    @Test
    void shouldReachEverythingOfMoreThanABufferTakes() {
        long size = (2L << 30) + (200 << 20);
        Assumptions.assumeTrue(SystemMemory.available() > 2 * size,
                () -> "not tried: " + size + " bytes are wanted, and twice as much is not free");
        // Of the backings this one is the quickest to be had.
        try (SharedSegment one = SharedSegment.memfd("large").waitStrategy(WaitStrategy.YIELD).create(size);
                SharedSegment two = SharedSegment.descriptor(one.descriptor()).open(size)) {
            long boundary = Integer.MAX_VALUE + 1L;
            for (long offset : new long[] {0, Windows.STRIDE, boundary - 8, boundary, size - 8}) {
                one.longAt(offset).set(offset + 1);
                assertEquals(offset + 1, two.longAt(offset).get());
                assertEquals(offset + 1, two.buffer(offset, 8).getLong());
            }
            ByteBuffer across = two.buffer(boundary - 1000, 2000);
            assertEquals(boundary + 1, across.getLong(1000));
            assertEquals(boundary - 7, across.getLong(992));
            assertEquals(Windows.STRIDE - Windows.PAGE,
                    two.buffer(Windows.STRIDE - 1, Windows.STRIDE - Windows.PAGE).capacity());
            assertThrows(IllegalArgumentException.class, two::buffer);
            assertThrows(IndexOutOfBoundsException.class, () -> two.longAt(size));
        }
    }

    /** A thread that waits for something, and is known to. */
    private static final class Waiting {
        final CompletableFuture<Object> result = new CompletableFuture<>();
        final Thread thread;

        Waiting(Callable<?> call) {
            thread = new Thread(() -> {
                try {
                    result.complete(call.call());
                } catch (Throwable thrown) {
                    result.completeExceptionally(thrown);
                }
            });
            thread.setDaemon(true);
            thread.start();
            Await.until(LONG, "the thread to wait", () -> List.of(thread.getStackTrace()).stream()
                    .anyMatch(frame -> frame.getClassName().endsWith("Waiter")));
        }
    }
}

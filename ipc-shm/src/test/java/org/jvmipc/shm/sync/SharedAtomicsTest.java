package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Codec;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Numbers, flags and records that are changed atomically, within one process. */
@IpcDir
class SharedAtomicsTest {
    /** All are the same, or it is torn. */
    record Four(long a, String b, long c, long d) {
        static Four of(long n) {
            return new Four(n, "" + n, n, n);
        }

        boolean isWhole() {
            return a == c && a == d && b.equals("" + a);
        }
    }

    record Two(long a, long b) {
    }

    @IpcDir
    private IpcScope scope;

    @AfterEach
    void sweep() {
        LifeSign.sweep();
    }

    static Codec<Four> codec() {
        return Codec.ofRecord(Four.class, MethodHandles.lookup());
    }

    @Test
    void shouldCountAsAnAtomicLong() throws Exception {
        String name = scope.name("n");
        try (SharedAtomicLong n = SharedAtomicLong.in(SharedSegment.posix(name), 40).create();
                SharedAtomicLong same = SharedAtomicLong.named(name)) {
            assertEquals(40, same.get());
            assertEquals(41, n.incrementAndGet());
            assertEquals(41, same.getAndIncrement());
            assertEquals(41, n.decrementAndGet());
            assertEquals(41, n.getAndDecrement());
            assertEquals(40, n.getAndAdd(5));
            assertEquals(50, n.addAndGet(5));
            assertEquals(50, n.getAndSet(7));
            assertFalse(n.compareAndSet(8, 9));
            assertTrue(n.compareAndSet(7, 9));
            assertEquals(9, n.getAndUpdate(x -> x * 2));
            assertEquals(36, n.updateAndGet(x -> x * 2));
            assertEquals(36, n.getAndAccumulate(4, (x, y) -> x - y));
            assertEquals(64, n.accumulateAndGet(2, (x, y) -> x * y));
            n.lazySet(-1);
            assertEquals(-1, same.intValue());
            assertEquals(-1, same.longValue());
            assertEquals(-1.0, same.doubleValue());
            assertEquals(-1.0f, same.floatValue());
            assertEquals("-1", same.toString());
            FutureTask<Long> waiting = new FutureTask<>(() -> same.await(x -> x > 0, Duration.ofSeconds(20)));
            new Thread(waiting).start();
            n.set(5);
            assertEquals(5, waiting.get(20, TimeUnit.SECONDS));
            assertThrows(IpcTimeoutException.class, () -> n.await(x -> x < 0, Duration.ofMillis(10)));
            assertEquals(5, n.status().count());
            assertThrows(NotSerializableException.class,
                    () -> new ObjectOutputStream(OutputStream.nullOutputStream()).writeObject(n));
            assertThrows(IncompatibleChannelException.class, () -> SharedAtomicBoolean.named(name));
            SharedAtomicLong closed = SharedAtomicLong.named(name);
            closed.close();
            assertThrows(ChannelClosedException.class, closed::get);
        }
    }

    @Test
    void shouldFlipAsAnAtomicBoolean() {
        String name = scope.name("f");
        try (SharedAtomicBoolean f = SharedAtomicBoolean.in(SharedSegment.posix(name), true).create();
                SharedAtomicBoolean same = SharedAtomicBoolean.named(name)) {
            assertTrue(same.get());
            assertFalse(f.compareAndSet(false, true));
            assertTrue(f.compareAndSet(true, false));
            assertFalse(same.getAndSet(true));
            assertEquals(1, f.status().count());
            f.set(false);
            assertEquals("false", same.toString());
            f.lazySet(true);
            assertTrue(same.get());
        }
    }

    @Test
    void shouldHoldRecords() {
        String name = scope.name("r");
        try (SharedAtomicReference<Four> r = SharedAtomicReference.named(name, codec());
                SharedAtomicReference<Four> same = SharedAtomicReference.named(name, codec())) {
            assertNull(same.get());
            assertTrue(r.compareAndSet(null, Four.of(1)));
            assertEquals(Four.of(1), same.get());
            assertFalse(same.compareAndSet(Four.of(2), Four.of(3)));
            assertTrue(same.compareAndSet(Four.of(1), Four.of(3)));
            assertEquals(Four.of(3), r.getAndSet(Four.of(4)));
            assertEquals(Four.of(4), r.getAndUpdate(f -> Four.of(f.a() + 1)));
            assertEquals(Four.of(6), same.updateAndGet(f -> Four.of(f.a() + 1)));
            assertEquals(Four.of(6), r.getAndAccumulate(Four.of(2), (x, y) -> Four.of(x.a() * y.a())));
            assertEquals(Four.of(24), r.accumulateAndGet(Four.of(2), (x, y) -> Four.of(x.a() * y.a())));
            assertEquals(7, r.status().count());
            r.set(null);
            assertNull(same.getAndSet(Four.of(9)));
            int rest = ReferenceLayout.DATA_MAX - 28;
            r.set(new Four(1, "x".repeat(rest), 1, 1));
            assertEquals(rest, same.get().b().length());
            IllegalArgumentException big = assertThrows(IllegalArgumentException.class,
                    () -> r.set(new Four(1, "x".repeat(rest + 1), 1, 1)));
            assertTrue(big.getMessage().contains("3065") && big.getMessage().contains("3064"), big.getMessage());
            assertEquals(rest, same.get().b().length(), "nothing was changed");
            IncompatibleChannelException other = assertThrows(IncompatibleChannelException.class,
                    () -> SharedAtomicReference.named(name, Codec.ofRecord(Two.class, MethodHandles.lookup())));
            assertTrue(other.getMessage().contains("record Two(long a,long b)"), other.getMessage());
            SharedAtomicReference<Four> closed = SharedAtomicReference.named(name, codec());
            closed.close();
            assertThrows(ChannelClosedException.class, closed::get);
            assertThrows(ChannelClosedException.class, () -> closed.set(null));
        }
    }

    @Test
    void shouldNeverShowATornRecordNorLoseAnUpdate() throws Exception {
        String name = scope.name("r");
        try (SharedAtomicReference<Four> r = SharedAtomicReference.named(name, codec());
                SharedAtomicReference<Four> same = SharedAtomicReference.named(name, codec())) {
            r.set(Four.of(0));
            AtomicBoolean stop = new AtomicBoolean();
            FutureTask<Long> reading = new FutureTask<>(() -> {
                long seen = 0;
                long last = 0;
                while (!stop.get() || seen == 0) {
                    Four four = same.get();
                    assertTrue(four.isWhole(), four.toString());
                    assertTrue(four.a() >= last, "went back");
                    last = four.a();
                    seen++;
                }
                return seen;
            });
            new Thread(reading).start();
            List<FutureTask<Void>> writing = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                SharedAtomicReference<Four> mine = t == 0 ? r : same;
                FutureTask<Void> task = new FutureTask<>(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        mine.updateAndGet(f -> Four.of(f.a() + 1));
                    }
                    return null;
                });
                new Thread(task).start();
                writing.add(task);
            }
            for (FutureTask<Void> task : writing) {
                task.get(20, TimeUnit.SECONDS);
            }
            stop.set(true);
            assertTrue(reading.get(20, TimeUnit.SECONDS) > 0);
            assertEquals(Four.of(10_000), r.get());
        }
    }
}

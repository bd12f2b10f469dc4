package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.VarHandle;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.WaitStrategy;
import org.jvmipc.spi.Readiness;
import org.jvmipc.spi.Waiter;

/** The kinds of waiting of this module under the waiter that all channels use. */
@Timeout(120)
class WaiterTest {

    private static final int ROUNDS = 200;

    private final Waiter waiter = new Waiter(WaitStrategy.BLOCK);

    @Test
    void interruptEndsTheSleepAtOnce() throws Exception {
        int[] ends = new int[2];
        FileCalls.pipe2(ends, FileCalls.O_CLOEXEC);
        ByteBuffer words = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        try (Fd in = Fd.own(ends[0], "in"); Fd out = Fd.own(ends[1], "out");
                FutexReadiness futex = new FutexReadiness(words, 0, 4, () -> false)) {
            assertTrue(out.isOpen());
            assertTrue(medianInterruptMillis(new FdReadiness(in, PollCalls.POLLIN)) < 50);
            assertTrue(medianInterruptMillis(futex) < 50);
        }
    }

    @Test
    void virtualThreadsWaitForDescriptors() throws Exception {
        int[] ends = new int[2];
        FileCalls.pipe2(ends, FileCalls.O_CLOEXEC);
        try (Fd in = Fd.own(ends[0], "in"); Fd out = Fd.own(ends[1], "out")) {
            FdReadiness readable = new FdReadiness(in, PollCalls.POLLIN);
            AtomicInteger received = new AtomicInteger();
            Thread reader = startVirtual(() -> {
                ByteBuffer one = ByteBuffer.allocate(1);
                while (received.get() < ROUNDS) {
                    if (in.read(one.clear()) == 1) {
                        received.incrementAndGet();
                    } else {
                        await(readable);
                    }
                }
            });
            for (int i = 1; i <= ROUNDS; i++) {
                int expected = i;
                out.write(ByteBuffer.allocate(1));
                Await.until("byte " + i, () -> received.get() == expected);
            }
            reader.join();
        }
    }

    @Test
    void virtualThreadsWaitForMemory() throws Exception {
        ByteBuffer words = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        AtomicLong published = new AtomicLong();
        AtomicLong received = new AtomicLong();
        try (FutexReadiness readiness =
                new FutexReadiness(words, 0, 4, () -> published.get() != received.get())) {
            Thread reader = startVirtual(() -> {
                while (received.get() < ROUNDS) {
                    if (readiness.isReady()) {
                        received.set(published.get());
                    } else {
                        await(readiness);
                    }
                }
            });
            for (int i = 1; i <= ROUNDS; i++) {
                int expected = i;
                published.set(i);
                VarHandle.fullFence();
                readiness.signal();
                Await.until("number " + i, () -> received.get() == expected);
            }
            reader.join();
        }
    }

    private void await(Readiness readiness) {
        try {
            waiter.await(readiness, Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The median, as a single wake-up may be late on a busy machine; the waiter's own limit is 100 ms. */
    private long medianInterruptMillis(Readiness readiness) throws InterruptedException {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            AtomicLong ended = new AtomicLong();
            Thread sleeper = new Thread(() -> {
                try {
                    while (true) {
                        waiter.await(readiness, Long.MAX_VALUE);
                    }
                } catch (InterruptedException e) {
                    ended.set(System.nanoTime());
                }
            });
            sleeper.start();
            Await.asleep(sleeper, "sleep");
            long start = System.nanoTime();
            sleeper.interrupt();
            sleeper.join();
            assertEquals(0, ended.get() == 0 ? 1 : 0, "it was interrupted");
            times.add((ended.get() - start) / 1_000_000);
        }
        times.sort(null);
        return times.get(times.size() / 2);
    }

    private static Thread startVirtual(Runnable body) throws IllegalAccessException, InvocationTargetException {
        try {
            return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
        } catch (NoSuchMethodException e) {
            assumeTrue(false, "needs a JDK with virtual threads");
            throw new IllegalStateException(e);
        }
    }
}

package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Registration;

@Timeout(120)
class FutexReadinessTest {

    private static final long LONG = 60_000_000_000L;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
    private final AtomicLong published = new AtomicLong();
    private volatile boolean ready;
    private final FutexReadiness readiness = new FutexReadiness(memory, 0, 4, () -> ready);

    @Test
    void refusesBadOffsets() {
        assertThrows(IllegalArgumentException.class, () -> new FutexReadiness(memory, 2, 4, () -> true));
        assertThrows(IllegalArgumentException.class, () -> new FutexReadiness(memory, 0, 16, () -> true));
        assertThrows(IllegalArgumentException.class, () -> new FutexReadiness(memory, -4, 4, () -> true));
        assertThrows(IllegalArgumentException.class,
                () -> new FutexReadiness(ByteBuffer.allocate(8), 0, 4, () -> true));
    }

    @Test
    void signalTouchesNothingWhileNobodySleeps() {
        readiness.signal();
        assertEquals(0, memory.getLong(0));
    }

    @Test
    void sleepsUntilSignalOrTimeout() throws Exception {
        long start = System.nanoTime();
        readiness.sleep(3_000_000);
        assertTrue(System.nanoTime() - start >= 3_000_000);
        assertNotEquals(0, memory.getInt(4), "the announcement stays");
        readiness.signal();
        assertEquals(0, memory.getInt(4), "and costs one signal");
        List<Thread> sleepers = List.of(sleeper(readiness), sleeper(readiness), sleeper(readiness));
        ready = true;
        VarHandle.fullFence();
        readiness.signal();
        for (Thread sleeper : sleepers) {
            Await.ended(sleeper);
        }
        readiness.sleep(LONG);
    }

    @Test
    void wakeUpInterruptAndCloseEndTheSleep() throws Exception {
        Thread sleeper = sleeper(readiness);
        readiness.wakeUp();
        Await.ended(sleeper);
        readiness.sleep(LONG); // the wake-up before counts for one more
        Thread.currentThread().interrupt();
        readiness.sleep(LONG);
        assertTrue(Thread.interrupted());
        Thread first = sleeper(readiness);
        Thread second = sleeper(readiness);
        readiness.close();
        readiness.close();
        Await.ended(first);
        Await.ended(second);
        readiness.sleep(LONG);
        readiness.wakeUp();
        assertTrue(readiness.isClosed());
    }

    /** Many sleepers that all wait for the last of many changes: one lost wake-up would hold the test up for ever. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void noWakeUpIsLost(int threads) throws Exception {
        int rounds = 20_000;
        CountDownLatch done = new CountDownLatch(threads);
        AtomicLong[] reached = new AtomicLong[threads];
        for (int t = 0; t < threads; t++) {
            AtomicLong mine = reached[t] = new AtomicLong();
            FutexReadiness own = new FutexReadiness(memory, 8, 12, () -> published.get() > mine.get());
            new Thread(() -> {
                while (mine.get() < rounds) {
                    if (published.get() > mine.get()) {
                        mine.set(published.get());
                    } else {
                        own.sleep(LONG);
                    }
                }
                done.countDown();
            }).start();
        }
        for (int i = 1; i <= rounds; i++) {
            long deadline = System.nanoTime() + LONG;
            for (AtomicLong one : reached) {
                while (one.get() < i - 1) {
                    assertTrue(System.nanoTime() < deadline, "a wake-up was lost in round " + i);
                    Thread.onSpinWait();
                }
            }
            for (int pause = i % 400; pause > 0; pause--) {
                Thread.onSpinWait(); // so that the change meets the sleeper at all points of its way to sleep
            }
            published.set(i);
            VarHandle.fullFence();
            FutexReadiness.signal(memory, 8, 12);
        }
        assertTrue(done.await(60, TimeUnit.SECONDS));
    }

    @Test
    void armedCallbackRunsOnceOnTheSharedThread() {
        AtomicInteger runs = new AtomicInteger();
        for (int i = 1; i < 200; i++) {
            int expected = i;
            ready = false;
            readiness.arm(() -> {
                assertEquals("ipc-futex", Thread.currentThread().getName());
                runs.incrementAndGet();
            });
            ready = true;
            VarHandle.fullFence();
            readiness.signal();
            Await.until("callback " + i, () -> runs.get() == expected);
        }
    }

    @Test
    void wakeUpRunsArmedCallbacks() {
        AtomicInteger runs = new AtomicInteger();
        for (int i = 1; i < 100; i++) {
            int expected = i;
            readiness.arm(runs::incrementAndGet);
            readiness.wakeUp();
            Await.until("callback " + i, () -> runs.get() == expected);
        }
    }

    @Test
    void cancelledCallbackDoesNotRunAndCloseRunsTheRest() {
        AtomicInteger cancelled = new AtomicInteger();
        AtomicInteger other = new AtomicInteger();
        Registration registration = readiness.arm(cancelled::incrementAndGet);
        readiness.arm(other::incrementAndGet);
        registration.close();
        readiness.close();
        Await.until("the other", () -> other.get() == 1);
        assertEquals(0, cancelled.get());
        readiness.arm(other::incrementAndGet);
        Await.until("armed after close", () -> other.get() == 2);
    }

    @Test
    void moreWordsThanTheKernelTakes() {
        int count = 300;
        ByteBuffer many = ByteBuffer.allocateDirect(8 * count).order(ByteOrder.nativeOrder());
        AtomicInteger runs = new AtomicInteger();
        List<FutexReadiness> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FutexReadiness one = new FutexReadiness(many, 8 * i, 8 * i + 4, () -> false);
            one.arm(runs::incrementAndGet);
            all.add(one);
        }
        for (int i = count - 1; i >= 0; i--) {
            int word = i;
            Await.until("the announcement of " + i, () -> many.getInt(8 * word + 4) != 0);
            FutexReadiness.signal(many, 8 * i, 8 * i + 4);
        }
        Await.until("all callbacks", () -> runs.get() == count);
        all.forEach(FutexReadiness::close);
    }

    @Test
    void announcementLeftByTheDeadCostsOneSpuriousWake() throws Exception {
        memory.putInt(0, 77);
        memory.putInt(4, 76 | 1 << 31);
        Thread sleeper = sleeper(readiness);
        readiness.signal();
        Await.ended(sleeper);
        assertEquals(78, memory.getInt(0));
        assertEquals(0, memory.getInt(4));
    }

    private static Thread sleeper(FutexReadiness readiness) {
        Thread thread = new Thread(() -> readiness.sleep(LONG), "sleeper");
        thread.setDaemon(true);
        thread.start();
        Await.asleep(thread, "await");
        return thread;
    }
}

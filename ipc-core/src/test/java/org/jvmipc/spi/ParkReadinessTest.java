package org.jvmipc.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.jvmipc.Registration;
import org.jvmipc.internal.Background;
import org.jvmipc.internal.Until;

class ParkReadinessTest {
    private static final long LONG = TimeUnit.SECONDS.toNanos(10);

    private final AtomicBoolean ready = new AtomicBoolean();
    private final ParkReadiness readiness = new ParkReadiness(ready::get);

    /** Lets all events that are due by now happen. */
    private static void settle() throws InterruptedException {
        CountDownLatch settled = new CountDownLatch(1);
        Background.events().execute(settled::countDown);
        assertTrue(settled.await(20, TimeUnit.SECONDS));
    }

    private Thread sleeper() {
        Thread sleeper = new Thread(() -> {
            while (!ready.get()) {
                readiness.sleep(LONG);
            }
        });
        sleeper.start();
        return sleeper;
    }

    private static void assertEnds(Thread thread) throws InterruptedException {
        thread.join(20_000);
        assertFalse(thread.isAlive());
    }

    @Test
    void shouldNotSleepAfterASignalThatCameBefore() {
        ready.set(true);
        readiness.signal();
        long start = System.nanoTime();
        readiness.sleep(LONG);
        assertTrue(System.nanoTime() - start < LONG / 2);
        assertTrue(readiness.isReady() && readiness.canSpin());
    }

    @Test
    void shouldWakeAllSleepers() throws Exception {
        List<Thread> sleepers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sleepers.add(sleeper());
        }
        sleepers.forEach(Until::isBlocked);
        ready.set(true);
        readiness.signal();
        for (Thread sleeper : sleepers) {
            assertEnds(sleeper);
        }
    }

    @Test
    void shouldWakeUpWithoutBeingReady() throws Exception {
        AtomicInteger woken = new AtomicInteger();
        Thread sleeper = new Thread(() -> {
            readiness.sleep(LONG);
            woken.incrementAndGet();
        });
        sleeper.start();
        Until.isBlocked(sleeper);
        readiness.wakeUp();
        assertEnds(sleeper);
        assertEquals(1, woken.get());
        assertFalse(ready.get());
    }

    @Test
    void shouldEndItsSleepInTime() {
        long start = System.nanoTime();
        readiness.sleep(5_000_000);
        assertTrue(System.nanoTime() - start < LONG / 2);
    }

    @Test
    void shouldLoseNoSignal() throws Exception {
        AtomicInteger turn = new AtomicInteger();
        ParkReadiness even = new ParkReadiness(() -> turn.get() % 2 == 0);
        ParkReadiness odd = new ParkReadiness(() -> turn.get() % 2 == 1);
        int turns = 20_000;
        Thread other = new Thread(() -> {
            for (int i = 1; i < turns; i += 2) {
                while (turn.get() != i) {
                    odd.sleep(LONG);
                }
                turn.incrementAndGet();
                even.signal();
            }
        });
        long start = System.nanoTime();
        other.start();
        for (int i = 0; i < turns; i += 2) {
            while (turn.get() != i) {
                even.sleep(LONG);
            }
            turn.incrementAndGet();
            odd.signal();
        }
        assertEnds(other);
        assertTrue(System.nanoTime() - start < LONG, "a lost signal costs a whole sleep");
    }

    @Test
    void shouldRunAnArmedCallbackOnceWhenSignalled() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Registration armed = readiness.arm(runs::incrementAndGet);
        settle();
        assertEquals(0, runs.get());
        ready.set(true);
        readiness.signal();
        readiness.signal();
        settle();
        assertEquals(1, runs.get());
        armed.close();
    }

    @Test
    void shouldRunAnArmedCallbackAtOnceIfReadyOnAnotherThread() throws Exception {
        ready.set(true);
        AtomicBoolean elsewhere = new AtomicBoolean();
        Thread self = Thread.currentThread();
        readiness.arm(() -> elsewhere.set(Thread.currentThread() != self));
        settle();
        assertTrue(elsewhere.get());
    }

    @Test
    void shouldCancelOnlyTheCallbackThatWasMeant() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Runnable same = runs::incrementAndGet;
        Registration first = readiness.arm(same);
        Registration second = readiness.arm(same);
        first.close();
        first.close();
        readiness.signal();
        settle();
        assertEquals(1, runs.get());
        second.close();
    }
}

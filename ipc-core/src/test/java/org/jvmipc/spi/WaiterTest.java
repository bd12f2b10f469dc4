package org.jvmipc.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.WaitStrategy;
import org.jvmipc.internal.Until;

class WaiterTest {
    private static final ParkReadiness NEVER = new ParkReadiness(() -> false);
    private static final ParkReadiness ALWAYS = new ParkReadiness(() -> true);

    @Test
    void shouldTurnDurationsIntoDeadlines() {
        long now = System.nanoTime();
        assertTrue(Waiter.deadline(Duration.ZERO) - now < 1_000_000_000L);
        assertTrue(Waiter.slice(Waiter.deadline(Duration.ZERO)) <= 0);
        assertTrue(Waiter.slice(Waiter.deadline(Duration.ofSeconds(-1))) <= 0);
        assertTrue(Waiter.slice(Waiter.deadline(Duration.ofSeconds(Long.MIN_VALUE))) <= 0);
        assertTrue(Waiter.slice(Waiter.deadline(Duration.ofNanos(1))) <= 1);
        long hour = Waiter.deadline(Duration.ofHours(1)) - now;
        assertTrue(hour >= 3_600_000_000_000L && hour < 3_700_000_000_000L, hour + " ns");
        assertEquals(Waiter.SLICE_NANOS, Waiter.slice(Waiter.deadline(Duration.ofHours(1))));
        assertEquals(Long.MAX_VALUE, Waiter.deadline(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)));
        assertEquals(Long.MAX_VALUE, Waiter.deadline(Duration.ofDays(365_000)));
        assertEquals(Waiter.SLICE_NANOS, Waiter.slice(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @EnumSource(WaitStrategy.class)
    void shouldNotWaitAfterTheDeadline(WaitStrategy strategy) throws Exception {
        Waiter waiter = new Waiter(strategy);
        assertFalse(waiter.await(ALWAYS, Waiter.deadline(Duration.ZERO)));
        assertFalse(waiter.await(NEVER, Waiter.deadline(Duration.ofDays(-1))));
    }

    @ParameterizedTest
    @EnumSource(WaitStrategy.class)
    void shouldReturnAtOnceIfReadyAndInTimeIfNot(WaitStrategy strategy) throws Exception {
        Waiter waiter = new Waiter(strategy);
        long start = System.nanoTime();
        assertTrue(waiter.await(ALWAYS, Waiter.deadline(Duration.ofHours(1))));
        long deadline = Waiter.deadline(Duration.ofMillis(20));
        while (waiter.await(NEVER, deadline)) {
            assertTrue(System.nanoTime() - start < 20_000_000_000L, "the deadline should have passed");
        }
        assertTrue(System.nanoTime() - deadline >= 0);
    }

    @ParameterizedTest
    @EnumSource(WaitStrategy.class)
    void shouldHeedAndClearAnInterrupt(WaitStrategy strategy) {
        Waiter waiter = new Waiter(strategy);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> waiter.await(ALWAYS, Long.MAX_VALUE));
        assertFalse(Thread.interrupted());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> waiter.await(NEVER, Waiter.deadline(Duration.ZERO)));
        assertFalse(Thread.interrupted());
    }

    @ParameterizedTest
    @EnumSource(WaitStrategy.class)
    void shouldBeInterruptedInItsSleep(WaitStrategy strategy) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean began = new AtomicBoolean();
        Thread sleeper = new Thread(() -> {
            Waiter waiter = new Waiter(strategy);
            try {
                began.set(true);
                while (waiter.await(NEVER, Long.MAX_VALUE)) {
                    continue;
                }
            } catch (InterruptedException expected) {
                thrown.set(expected);
            }
        });
        sleeper.start();
        Until.passes(began::get);
        if (strategy == WaitStrategy.BLOCK || strategy == WaitStrategy.ADAPTIVE) {
            Until.isBlocked(sleeper);
        }
        sleeper.interrupt();
        sleeper.join(20_000);
        assertFalse(sleeper.isAlive());
        assertEquals(InterruptedException.class, thrown.get().getClass());
        assertFalse(sleeper.isInterrupted());
    }

    @Test
    void shouldPauseLongerAndLongerUpToTheDeadline() throws Exception {
        long start = System.nanoTime();
        int attempts = 0;
        while (Waiter.pause(attempts, start + 30_000_000)) {
            attempts++;
        }
        assertTrue(System.nanoTime() - start >= 30_000_000);
        assertTrue(attempts > 0);
        assertFalse(Waiter.pause(1_000_000, Waiter.deadline(Duration.ZERO)));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> Waiter.pause(0, Long.MAX_VALUE));
        assertFalse(Thread.interrupted());
    }

    @Test
    void shouldWakeUpWithoutClearingWhatItDoesNotOwn() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean ready = new AtomicBoolean();
        ParkReadiness readiness = new ParkReadiness(ready::get);
        Thread sleeper = new Thread(() -> {
            try {
                while (!ready.get()) {
                    new Waiter(WaitStrategy.BLOCK).await(readiness, Long.MAX_VALUE);
                }
            } catch (InterruptedException unexpected) {
                thrown.set(unexpected);
            }
        });
        sleeper.start();
        Until.isBlocked(sleeper);
        ready.set(true);
        readiness.signal();
        sleeper.join(20_000);
        assertFalse(sleeper.isAlive());
        assertNull(thrown.get());
    }
}

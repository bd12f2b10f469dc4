package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class AwaitTest {

    private static final Duration SOON = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void shouldReturnWhenTheConditionHolds() {
        AtomicInteger looks = new AtomicInteger();
        Await.until(LONG, "the third look", () -> looks.incrementAndGet() == 3);
        assertEquals(3, looks.get());
        Await.until(Duration.ZERO, "one look", () -> true);
        assertEquals("found", Await.value(LONG, "a value", () -> looks.incrementAndGet() > 5 ? "found" : null));
    }

    @Test
    void shouldSayWhatDidNotHappen() {
        AtomicInteger looks = new AtomicInteger();
        AssertionError error = assertThrows(AssertionError.class,
                () -> Await.until(SOON, () -> "more than " + looks, () -> looks.incrementAndGet() < 0));
        assertTrue(error.getMessage().matches("waited for more than \\d+ \\(timeout PT0.15S\\)"), error::getMessage);
        assertTrue(looks.get() >= 2, "looks more than once");
    }

    @Test
    void shouldEndOnInterruptAndKeepTheStatus() {
        Thread.currentThread().interrupt();
        AssertionError error = assertThrows(AssertionError.class, () -> Await.until(LONG, "nothing", () -> false));
        assertTrue(Thread.interrupted());
        assertTrue(error.getMessage().startsWith("interrupted while waiting for nothing"), error::getMessage);
    }

    @Test
    void shouldSeeAParkedThread() throws InterruptedException {
        Thread thread = new Thread(LockSupport::park, "parked");
        assertThrows(AssertionError.class, () -> Await.blocked(thread, SOON));
        thread.start();
        Await.blocked(thread, LONG);
        assertEquals(Thread.State.WAITING, thread.getState());
        LockSupport.unpark(thread);
        thread.join();
        AssertionError error = assertThrows(AssertionError.class, () -> Await.blocked(thread, LONG));
        assertTrue(error.getMessage().contains("parked has ended"), error::getMessage);
    }

    @Test
    void shouldSeeAThreadThatSleepsInASystemCall() throws IOException, InterruptedException {
        Pipe pipe = Pipe.open();
        Thread thread = new Thread(() -> read(pipe), "system-call-reader");
        thread.start();
        Await.blockedIn(thread, "AwaitTest.read", LONG);
        assertEquals(Thread.State.RUNNABLE, thread.getState());
        assertThrows(AssertionError.class, () -> Await.blockedIn(thread, "AwaitTest.write", SOON));
        pipe.sink().close();
        thread.join();
        pipe.source().close();
    }

    private static void read(Pipe pipe) {
        try {
            assertEquals(-1, pipe.source().read(ByteBuffer.allocate(1)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldNotTakeASpinningThreadForBlocked() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        Thread thread = new Thread(() -> spinUntil(stop), "spinning");
        thread.start();
        AssertionError error = assertThrows(AssertionError.class, () -> Await.blocked(thread, SOON.multipliedBy(4)));
        assertTrue(error.getMessage().contains("it is RUNNABLE"), error::getMessage);
        assertTrue(error.getMessage().contains("AwaitTest.spinUntil"), error::getMessage);
        stop.set(true);
        thread.join();
    }

    private static void spinUntil(AtomicBoolean stop) {
        while (!stop.get()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldNotTakeAThreadAtAMonitorForBlocked() throws InterruptedException {
        Object monitor = new Object();
        CountDownLatch started = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            started.countDown();
            synchronized (monitor) {
                monitor.notifyAll();
            }
        });
        synchronized (monitor) {
            thread.start();
            started.await();
            assertThrows(AssertionError.class, () -> Await.blocked(thread, SOON));
        }
        thread.join();
    }

    @Test
    void shouldCountTheCpuTimeOfThreadsAndProcesses() throws InterruptedException {
        Duration before = CpuTime.ofThisThread();
        Duration processBefore = CpuTime.ofThisProcess();
        Await.until(LONG, "50 ms of CPU time", () -> {
            for (int i = 0; i < 1_000_000; i++) {
                Thread.onSpinWait();
            }
            return CpuTime.ofThisThread().minus(before).toMillis() >= 50;
        });
        assertTrue(CpuTime.ofThisProcess().minus(processBefore).toMillis() >= 40);
        Thread ended = new Thread(() -> { });
        ended.start();
        ended.join();
        assertEquals(Duration.ZERO, CpuTime.ofThread(ended));
        assertEquals(Duration.ZERO, CpuTime.ofProcess(Long.MAX_VALUE >> 32));
    }
}

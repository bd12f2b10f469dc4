package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Registration;

@Timeout(60)
class FdReadinessTest {

    private static final long LONG = 30_000_000_000L;

    private Fd reader;
    private Fd writer;
    private FdReadiness readable;

    @BeforeEach
    void open() {
        int[] ends = new int[2];
        NativeCallException.check(FileCalls.pipe2(ends, FileCalls.O_CLOEXEC), "pipe2", "");
        reader = Fd.own(ends[0], "reader");
        writer = Fd.own(ends[1], "writer");
        readable = new FdReadiness(reader, PollCalls.POLLIN);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    @Test
    void sleepsUntilReadyOrTimeout() throws Exception {
        assertFalse(readable.canSpin());
        long start = System.nanoTime();
        readable.sleep(5_000_000);
        assertTrue(System.nanoTime() - start >= 5_000_000);
        Thread sleeper = sleeper(readable);
        writer.write(ByteBuffer.allocate(1));
        Await.ended(sleeper);
        readable.sleep(LONG);
        new FdReadiness(writer, PollCalls.POLLOUT).sleep(LONG);
        assertTrue(System.nanoTime() - start < LONG);
    }

    @Test
    void endOfFileWakes() throws Exception {
        Thread sleeper = sleeper(readable);
        writer.close();
        Await.ended(sleeper);
    }

    @Test
    void wakeUpReachesAllSleepersAndOneToCome() throws Exception {
        for (int round = 0; round < 100; round++) {
            List<Thread> sleepers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sleepers.add(sleeper(readable));
            }
            readable.wakeUp();
            for (Thread sleeper : sleepers) {
                Await.ended(sleeper);
            }
            readable.sleep(LONG); // the wake-up before counts for one more
        }
    }

    @Test
    void interruptIsSeenAndKept() {
        Thread.currentThread().interrupt();
        readable.sleep(LONG);
        assertTrue(Thread.interrupted());
    }

    @Test
    void closeWakesSleepersAndRunsCallbacks() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        readable.arm(runs::incrementAndGet);
        Thread first = sleeper(readable);
        Thread second = sleeper(readable);
        reader.close();
        Await.ended(first);
        Await.ended(second);
        Await.until("the callback", () -> runs.get() == 1);
        readable.sleep(LONG);
        readable.wakeUp();
        readable.arm(runs::incrementAndGet);
        Await.until("the late callback", () -> runs.get() == 2);
    }

    @Test
    void armedCallbackRunsOnceOnTheSharedThread() {
        AtomicReference<String> ran = new AtomicReference<>();
        AtomicInteger runs = new AtomicInteger();
        readable.arm(() -> {
            ran.set(Thread.currentThread().getName());
            runs.incrementAndGet();
        });
        writer.write(ByteBuffer.allocate(1));
        Await.until("the callback", () -> runs.get() == 1);
        assertEquals("ipc-poll", ran.get());
        for (int i = 2; i < 50; i++) {
            int expected = i;
            readable.arm(runs::incrementAndGet); // ready already
            Await.until("callback " + i, () -> runs.get() == expected);
        }
    }

    @Test
    void cancelledCallbackDoesNotRun() {
        AtomicInteger cancelled = new AtomicInteger();
        AtomicInteger other = new AtomicInteger();
        Registration registration = readable.arm(cancelled::incrementAndGet);
        readable.arm(other::incrementAndGet);
        registration.close();
        registration.close();
        writer.write(ByteBuffer.allocate(1));
        Await.until("the other", () -> other.get() == 1);
        assertEquals(0, cancelled.get());
    }

    @Test
    void wakeUpRunsArmedCallbacksOfItsDirection() {
        AtomicInteger runs = new AtomicInteger();
        readable.wakeUp();
        readable.arm(runs::incrementAndGet);
        readable.arm(runs::incrementAndGet);
        readable.wakeUp();
        Await.until("both callbacks", () -> runs.get() == 2);
        readable.wakeUp();
        readable.arm(runs::incrementAndGet);
        writer.write(ByteBuffer.allocate(1));
        Await.until("armed again", () -> runs.get() == 3);
    }

    @Test
    void bothDirectionsOfOneDescriptor() {
        int[] ends = new int[2];
        assertEquals(0, SocketCalls.socketpair(SocketCalls.SOCK_STREAM, ends));
        try (Fd a = Fd.own(ends[0], "a"); Fd b = Fd.own(ends[1], "b")) {
            AtomicInteger in = new AtomicInteger();
            AtomicInteger out = new AtomicInteger();
            new FdReadiness(a, PollCalls.POLLIN).arm(in::incrementAndGet);
            new FdReadiness(a, PollCalls.POLLOUT).arm(out::incrementAndGet);
            Await.until("writable", () -> out.get() == 1);
            assertEquals(0, in.get());
            b.write(ByteBuffer.allocate(1));
            Await.until("readable", () -> in.get() == 1);
        }
    }

    @Test
    void regularFileIsAlwaysReady(@TempDir Path dir) throws Exception {
        Path file = Files.createFile(dir.resolve("f"));
        try (Fd fd = Fd.open(file.toString(), FileCalls.O_RDONLY, 0)) {
            AtomicInteger runs = new AtomicInteger();
            new FdReadiness(fd, PollCalls.POLLIN).arm(runs::incrementAndGet);
            Await.until("the callback", () -> runs.get() == 1);
        }
    }

    @Test
    void throwingCallbackStopsNobody() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> seen.set(e));
        try {
            writer.write(ByteBuffer.allocate(1));
            readable.arm(() -> {
                throw new IllegalStateException("test");
            });
            AtomicInteger runs = new AtomicInteger();
            readable.arm(runs::incrementAndGet);
            Await.until("the other", () -> runs.get() == 1 && seen.get() != null);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    private static Thread sleeper(FdReadiness readiness) {
        Thread thread = new Thread(() -> readiness.sleep(LONG), "sleeper");
        thread.setDaemon(true);
        thread.start();
        Await.asleep(thread, "poll");
        return thread;
    }
}

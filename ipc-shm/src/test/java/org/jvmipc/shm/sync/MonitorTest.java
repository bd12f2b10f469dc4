package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** Monitors, in one JVM and between two. */
@IpcDir
class MonitorTest {
    @IpcDir
    private IpcScope scope;

    @Test
    void shouldExcludeAndGiveBack() throws Exception {
        SharedMonitor monitor = scope.track(SharedMonitor.named(scope.name("monitor")));
        AtomicInteger inside = new AtomicInteger();
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 4; i++) {
                threads.start(() -> {
                    for (int n = 0; n < 1_000; n++) {
                        monitor.run(() -> {
                            assertEquals(1, inside.incrementAndGet());
                            monitor.run(() -> assertTrue(monitor.isHeldByCurrentThread()));
                            inside.decrementAndGet();
                        });
                    }
                    return null;
                });
            }
        }
        assertThrows(ArithmeticException.class, () -> monitor.run(() -> {
            throw new ArithmeticException();
        }));
        assertEquals("result", monitor.call(() -> "result"));
        assertFalse(monitor.isHeldByCurrentThread());
        assertEquals(0, monitor.status().count());
        assertEquals(SyncKind.MONITOR, monitor.status().kind());
    }

    @Test
    void shouldEnterAtOnceOrInTimeOrNot() throws Exception {
        SharedMonitor monitor = scope.track(SharedMonitor.named(scope.name("monitor")));
        try (LockGuard guard = monitor.tryEnter(); Threads threads = new Threads()) {
            assertFalse(guard.ownerDied());
            threads.start(() -> {
                assertNull(monitor.tryEnter());
                long start = System.nanoTime();
                assertThrows(IpcTimeoutException.class, () -> monitor.enter(Duration.ofMillis(30)));
                assertTrue(System.nanoTime() - start >= 30_000_000);
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, () -> monitor.enter(Threads.LONG));
                return null;
            });
        }
        monitor.enter(Threads.LONG).close();
        assertFalse(monitor.isHeldByCurrentThread());
    }

    @Test
    void shouldWaitUntilSomethingIsSo() throws Exception {
        SharedMonitor monitor = scope.track(SharedMonitor.named(scope.name("monitor")));
        int[] value = new int[1];
        assertThrows(IllegalMonitorStateException.class, () -> monitor.awaitUntil("set", () -> true));
        assertThrows(IllegalMonitorStateException.class, () -> monitor.signal("set"));
        assertThrows(IllegalMonitorStateException.class, () -> monitor.signalAll("set"));
        assertFalse(monitor.call(() -> monitor.awaitUntil("set", () -> false, Duration.ofMillis(20))));
        assertTrue(monitor.call(() -> monitor.awaitUntil("set", () -> true, Duration.ZERO)));
        try (Threads threads = new Threads()) {
            threads.start(() -> {
                monitor.run(() -> monitor.awaitUntil("set", () -> value[0] == 2));
                return null;
            });
            threads.start(() -> monitor.call(() -> monitor.awaitUntil("set", () -> value[0] == 2, Threads.LONG)));
            for (int i = 0; i < 2; i++) {
                monitor.run(() -> {
                    value[0]++;
                    monitor.signalAll("set");
                });
            }
        }
    }

    /** Takes what its parent puts in, one after the other, and says so. */
    static final class Taker implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            try (SharedMonitor monitor = SharedMonitor.named(context.arg(0));
                    SharedSegment stock = SharedSegment.posix(context.arg(1)).open()) {
                ByteBuffer memory = stock.buffer();
                for (int i = 0; i < Integer.parseInt(context.arg(2)); i++) {
                    monitor.run(() -> {
                        monitor.awaitUntil("filled", () -> memory.getLong(0) > 0);
                        memory.putLong(0, memory.getLong(0) - 1);
                        memory.putLong(8, memory.getLong(8) + 1);
                        monitor.signal("emptied");
                    });
                }
                context.say("done");
                monitor.enter();
                context.say("inside");
                context.hear();
            }
        }
    }

    @Test
    void shouldWaitForAnotherProcessAndBeToldOfItsDeath() throws Exception {
        int times = 500;
        try (SharedMonitor monitor = SharedMonitor.named(scope.name("monitor"));
                SharedSegment stock = SharedSegment.posix(scope.name("stock")).create(64)) {
            ByteBuffer memory = stock.buffer();
            ChildJvm taker = scope.track(ChildJvm.of(Taker.class)
                    .args(scope.name("monitor"), scope.name("stock"), times).start());
            for (int i = 0; i < times; i++) {
                monitor.run(() -> {
                    monitor.awaitUntil("emptied", () -> memory.getLong(0) < 2);
                    memory.putLong(0, memory.getLong(0) + 1);
                    monitor.signal("filled");
                });
            }
            taker.expect("done");
            assertEquals(0, memory.getLong(0));
            assertEquals(times, memory.getLong(8));
            taker.expect("inside");
            taker.kill();
            taker.awaitDeath(Threads.LONG);
            assertThrows(OwnerDiedException.class, () -> monitor.run(() -> memory.putLong(0, -1)));
            try (LockGuard guard = monitor.recover()) {
                assertTrue(guard.ownerDied());
                assertEquals(0, memory.getLong(0));
                guard.markConsistent();
            }
            monitor.run(() -> memory.putLong(0, 5));
            LifeSign.sweep();
        }
    }
}

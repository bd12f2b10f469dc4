package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelFullException;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;

/** A receiver whose queue is full: its limit is low. */
@IpcDir
class BackPressureTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LIMIT = 40;

    private static ChildJvm start(String signal) throws Exception {
        return ChildJvm.of(ReceiverPeer.class).args(signal).blockSignals("RTMIN+1", "RTMIN+2")
                .wrapper(Tools.pendingAtMost(LIMIT)).start();
    }

    private static String address(ChildJvm child) {
        return child.expect("ready ").substring("ready ".length());
    }

    private static ByteBuffer message(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).flip();
    }

    /** Sends 0, 1, 2 ... until there is no room; tells how many. */
    private static int fill(Sender sender) throws InterruptedException {
        sender.send(message(0), PATIENCE);
        int count = 1;
        while (sender.trySend(message(count)) == SendResult.SENT) {
            count++;
            assertTrue(count <= LIMIT + 1, "the limit is not heeded");
        }
        return count;
    }

    private static void expect(ChildJvm child, int from, int to) {
        child.send(String.valueOf(to - from));
        assertEquals("got " + IntStream.range(from, to).mapToObj(String::valueOf).collect(Collectors.joining(" ")),
                child.readLine());
    }

    private static Thread thread(Sender sender, int number, CompletableFuture<Void> outcome) {
        Thread thread = new Thread(() -> {
            try {
                sender.send(message(number), PATIENCE);
                outcome.complete(null);
            } catch (InterruptedException | RuntimeException failure) {
                outcome.completeExceptionally(failure);
            }
        }, "sending");
        thread.start();
        return thread;
    }

    /** Sends until that fails: the kernel takes, and throws away, what is sent to a process that is dying. */
    private static Thread flood(Sender sender, CompletableFuture<Void> outcome) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    sender.send(message(-1), PATIENCE);
                }
            } catch (InterruptedException | RuntimeException failure) {
                outcome.completeExceptionally(failure);
            }
        }, "flooding");
        thread.start();
        return thread;
    }

    @Test
    void shouldWaitAndLoseNothing() throws Exception {
        try (ChildJvm child = start("RTMIN+1"); Sender sender = Ipc.sender(address(child))) {
            int count = fill(sender);
            ByteBuffer refused = message(-1);
            assertThrows(IpcTimeoutException.class, () -> sender.send(refused, Duration.ofMillis(30)));
            assertEquals(0, refused.position());
            assertEquals(SendResult.FULL, sender.trySend(refused));
            assertFalse(Signals.tryQueue(child.pid(), Signal.realTime(1), -1));
            IpcTimeoutException late = assertThrows(IpcTimeoutException.class,
                    () -> Signals.queue(child.pid(), Signal.realTime(1), -1, Duration.ofMillis(30)));
            assertTrue(late.getMessage().contains("ulimit -i"), late.getMessage());
            try (SignalTarget target = SignalTarget.of(child.pid())) {
                assertFalse(target.tryQueue(Signal.realTime(1), -1));
            }
            CompletableFuture<Void> interrupted = new CompletableFuture<>();
            Thread waiting = thread(sender, -1, interrupted);
            Await.blocked(waiting, PATIENCE);
            waiting.interrupt();
            assertInstanceOf(InterruptedException.class, assertThrows(ExecutionException.class,
                    () -> interrupted.get(20, TimeUnit.SECONDS)).getCause());
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Await.blocked(thread(sender, count, sent), PATIENCE);
            expect(child, 0, count);
            sent.get(20, TimeUnit.SECONDS);
            Signals.queue(child.pid(), Signal.realTime(1), count + 1, PATIENCE);
            expect(child, count, count + 2);
        }
    }

    @Test
    void shouldFailOrDropIfToldAndWakeWhoeverWaitsWhenClosed() throws Exception {
        try (ChildJvm child = start("RTMIN+2")) {
            String address = address(child);
            Sender closing = Ipc.sender(address);
            try (Sender failing = Ipc.sender(address + "&overflow=fail");
                    Sender dropping = Ipc.sender(address + "&overflow=dropNewest")) {
                int count = fill(closing);
                assertThrows(ChannelFullException.class, () -> failing.send(message(-1)));
                dropping.send(message(-1));
                assertEquals(1, dropping.status().dropped());
                CompletableFuture<Void> woken = new CompletableFuture<>();
                Await.blocked(thread(closing, -1, woken), PATIENCE);
                closing.close();
                assertInstanceOf(ChannelClosedException.class, assertThrows(ExecutionException.class,
                        () -> woken.get(20, TimeUnit.SECONDS)).getCause());
                expect(child, 0, count);
                failing.send(message(count));
                dropping.send(message(count + 1), PATIENCE);
                expect(child, count, count + 2);
            } finally {
                closing.close();
            }
        }
    }

    @Test
    void shouldTellThatTheProcessHasEnded() throws Exception {
        try (ChildJvm child = start("RTMIN+1"); Sender sender = Ipc.sender(address(child))) {
            fill(sender);
            CompletableFuture<Void> ended = new CompletableFuture<>();
            Await.blocked(flood(sender, ended), PATIENCE);
            child.kill();
            PeerGoneException gone = assertInstanceOf(PeerGoneException.class, assertThrows(ExecutionException.class,
                    () -> ended.get(20, TimeUnit.SECONDS)).getCause());
            assertEquals(child.pid(), gone.peer().pid());
            assertTrue(gone.getMessage().contains("process " + child.pid() + " has ended"), gone.getMessage());
            child.awaitExit();
            assertEquals(SendResult.CLOSED, sender.trySend(message(0)));
            assertThrows(PeerGoneException.class, () -> sender.send(message(0)));
            assertThrows(NoSuchProcessException.class, () -> Ipc.sender(sender.address()));
        }
    }
}

package org.jvmipc.process.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.EndOfChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.observe.Counters;
import org.jvmipc.process.ProcessContext;
import org.jvmipc.spi.Ports;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** The end of a channel that somebody else still holds. */
class StageInTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @IpcDir
    IpcScope scope;

    private final AtomicBoolean over = new AtomicBoolean();

    private Receiver receiver(String options) {
        Address address = Address.parse(scope.address("shm", "stage") + options);
        return scope.track(Ports.receiver(address, in -> new StageIn(in, over::get)));
    }

    private Sender sender(String options) {
        return scope.track(Ipc.sender(scope.address("shm", "stage") + options));
    }

    private static ByteBuffer text(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    @Test
    void shouldEndWhenItIsOverAndAllIsTaken() throws Exception {
        String ring = "?ring=mpsc&producers=2";
        Sender hold = sender(ring);
        Sender sender = sender(ring);
        Receiver receiver = receiver(ring);
        sender.send(text("one"));
        sender.send(text("two"));
        sender.close();
        assertEquals("one", receiver.receive(PATIENCE).text());
        over.set(true);
        assertEquals("two", receiver.receive(PATIENCE).text());
        assertEquals(6, Counters.own().stream().filter(end -> end.end() == ChannelStats.End.RECEIVER)
                .mapToLong(ChannelStats::bytes).sum());
        assertEquals(Received.END, receiver.receive(PATIENCE));
        assertEquals(-1, receiver.poll(message -> { }, 1));
        assertEquals(-1, receiver.peek(message -> { }));
        assertThrows(EndOfChannelException.class, receiver::receive);
        assertEquals(Received.END, receiver.receiveAsync().get(10, TimeUnit.SECONDS));
        assertEquals(true, hold.isOpen());
    }

    @Test
    void shouldEndThoseWhoSleepSoonAfterItIsOver() throws Exception {
        String ring = "?ring=mpsc&producers=2";
        sender(ring);
        Receiver receiver = receiver(ring);
        CompletableFuture<Received> end = new CompletableFuture<>();
        Thread sleeper = new Thread(() -> {
            try {
                end.complete(receiver.receive(PATIENCE));
            } catch (InterruptedException | RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
        sleeper.start();
        Await.blocked(sleeper, PATIENCE);
        over.set(true);
        assertEquals(Received.END, end.get(10, TimeUnit.SECONDS));
        sleeper.join();
    }

    @Test
    void shouldNotEndWhileAnotherHasAMessageInHand() throws Exception {
        String ring = "?ring=mpmc&producers=2&consumers=2";
        Sender sender = sender(ring);
        Receiver first = receiver(ring);
        Receiver second = receiver(ring);
        sender.send(text("work"));
        over.set(true);
        List<Integer> seen = new ArrayList<>();
        assertEquals(1, first.poll(message -> seen.add(second.poll(none -> { }, 1)), 1));
        assertEquals(List.of(0), seen);
        assertEquals(Received.END, second.receive(PATIENCE));
    }

    @Test
    void shouldHandleMessageByMessageUntilTheEnd() throws Exception {
        String ring = "?ring=mpsc&producers=2";
        Sender sender = sender(ring);
        Receiver receiver = receiver(ring);
        List<String> handled = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sender.send(text("m" + i));
        }
        assertThrows(InterruptedException.class, () -> ProcessContext.forEach(receiver, message -> {
            handled.add(StandardCharsets.UTF_8.decode(message).toString());
            if (handled.size() == 10) {
                throw new InterruptedException("enough");
            }
        }));
        over.set(true);
        ProcessContext.forEach(receiver, message -> handled.add(StandardCharsets.UTF_8.decode(message).toString()));
        assertEquals(40, handled.size());
        assertEquals("m39", handled.get(39));
    }
}

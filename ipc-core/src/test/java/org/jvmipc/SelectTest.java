package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jvmipc.SelectCalls.blocked;
import static org.jvmipc.SelectCalls.failure;
import static org.jvmipc.SelectCalls.result;
import static org.jvmipc.SelectCalls.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SelectTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);

    private enum Event { A, B, C, NOTHING }

    private final Select<Event> select = Select.fair();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        select.close();
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T kept(T resource) {
        opened.add(resource);
        return resource;
    }

    private Sender sender(String address) {
        return kept(Ipc.sender(address));
    }

    private Receiver receiver(String address) {
        return kept(Ipc.receiver(address));
    }

    @Test
    void shouldTakeOnlyWhatIsChosen() throws Exception {
        Sender a = sender("mem:select-a");
        Sender b = sender("mem:select-b");
        Receiver fromA = receiver("mem:select-a");
        Receiver fromB = receiver("mem:select-b");
        SelectCase<Received> caseA = select.receive(Event.A, fromA);
        SelectCase<Received> caseB = select.receive(Event.B, fromB);
        assertEquals(Event.NOTHING, select.poll(Event.NOTHING));
        assertEquals(Event.NOTHING, select.await(SHORT, Event.NOTHING));
        assertThrows(IllegalStateException.class, caseA::value);
        b.send(text("b1"));
        assertEquals(Event.B, select.await(LONG, Event.NOTHING));
        assertEquals("b1", caseB.value().text());
        a.send(text("a1"));
        b.send(text("b2"));
        Event first = select.await();
        assertEquals(1, a.status().depthMessages() + b.status().depthMessages(), "one was taken, one stays");
        Event second = select.poll(Event.NOTHING);
        assertEquals(1, Math.abs(first.ordinal() - second.ordinal()));
        assertEquals("a1", caseA.value().text());
        assertEquals("b2", caseB.value().text());
        assertEquals(Event.NOTHING, select.poll(Event.NOTHING));
    }

    @Test
    void shouldWakeForMessagesTimersAndFutures() throws Exception {
        Sender a = sender("mem:select-wake");
        SelectCase<Received> messages = select.receive(Event.A, receiver("mem:select-wake"));
        for (int i = 0; i < 100; i++) {
            FutureTask<Event> waiting = blocked(select::await);
            a.send(text("m" + i));
            assertEquals(Event.A, result(waiting));
            assertEquals("m" + i, messages.value().text());
        }
        CompletableFuture<String> future = new CompletableFuture<>();
        SelectCase<String> computed = select.on(Event.B, future);
        FutureTask<Event> waiting = blocked(select::await);
        future.complete("done");
        assertEquals(Event.B, result(waiting));
        assertEquals("done", computed.value());
        assertFalse(computed.isActive());
        long start = System.nanoTime();
        select.after(Event.C, Duration.ofMillis(30));
        assertEquals(Event.C, select.await(LONG, Event.NOTHING));
        long passed = System.nanoTime() - start;
        assertTrue(passed >= 30_000_000 && passed < LONG.toNanos(), "after " + passed + " ns");
    }

    @Test
    void shouldTakeTurnsIfFair() throws Exception {
        assertEquals("ABABABAB", chosenOfTwoBusyOnes(select));
    }

    @Test
    void shouldPreferTheFirstIfInOrder() throws Exception {
        try (Select<Event> ordered = Select.inOrder()) {
            assertEquals("AAAABBBB", chosenOfTwoBusyOnes(ordered));
        }
    }

    private String chosenOfTwoBusyOnes(Select<Event> of) throws Exception {
        Sender a = sender("mem:select-busy-a");
        Sender b = sender("mem:select-busy-b");
        of.receive(Event.A, receiver("mem:select-busy-a"));
        of.receive(Event.B, receiver("mem:select-busy-b"));
        for (int i = 0; i < 4; i++) {
            a.send(text("a"));
            b.send(text("b"));
        }
        StringBuilder chosen = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            chosen.append(of.await());
        }
        return chosen.toString();
    }

    @Test
    void shouldSendWhenThereIsRoom() throws Exception {
        Sender sender = sender("mem:select-room?capacity=1");
        Receiver receiver = receiver("mem:select-room?capacity=1");
        sender.send(text("first"));
        ByteBuffer second = text("second");
        SelectCase<ByteBuffer> room = select.send(Event.A, sender, second);
        assertEquals(Event.NOTHING, select.await(SHORT, Event.NOTHING));
        assertEquals(6, second.remaining());
        FutureTask<Event> waiting = blocked(select::await);
        assertEquals("first", receiver.receive().text());
        assertEquals(Event.A, result(waiting));
        assertSame(second, room.value());
        assertEquals(0, second.remaining());
        assertEquals("second", receiver.receive().text());
        assertTrue(select.isEmpty());
        assertThrows(IllegalStateException.class, select::await);
    }

    @Test
    void shouldSendNothingFromACaseThatWasNotChosen() throws Exception {
        Sender sender = sender("mem:select-unsent");
        Receiver receiver = receiver("mem:select-unsent");
        try (Select<Event> ordered = Select.inOrder()) {
            ordered.after(Event.A, Duration.ZERO);
            SelectCase<ByteBuffer> second = ordered.send(Event.B, sender, text("x"));
            assertEquals(Event.A, ordered.await());
            second.close();
            assertFalse(receiver.tryReceive().isMessage());
            assertTrue(ordered.isEmpty());
        }
    }

    @Test
    void shouldMeetAtARendezvousWithOneWhoWaits() throws Exception {
        Sender sender = sender("mem:select-meet?mode=rendezvous");
        Receiver receiver = receiver("mem:select-meet?mode=rendezvous");
        select.send(Event.A, sender, text("to a receiver that waits"));
        assertEquals(Event.NOTHING, select.await(SHORT, Event.NOTHING));
        FutureTask<String> receiving = blocked(() -> receiver.receive().text());
        assertEquals(Event.A, select.await());
        assertEquals("to a receiver that waits", result(receiving));
        SelectCase<Received> taken = select.receive(Event.B, receiver);
        FutureTask<TransferResult> sending = blocked(() -> sender.transfer(text("from a sender that waits"), LONG));
        assertEquals(Event.B, select.await());
        assertEquals("from a sender that waits", taken.value().text());
        assertEquals(TransferResult.TAKEN, result(sending));
    }

    @Test
    void shouldTellTheEndOnceAndThenForget() throws Exception {
        Sender sender = sender("mem:select-end");
        SelectCase<Received> messages = select.receive(Event.A, receiver("mem:select-end"));
        sender.send(text("last"));
        sender.close();
        assertEquals(Event.A, select.await());
        assertEquals("last", messages.value().text());
        assertEquals(Event.A, select.await());
        assertEquals(Received.END, messages.value());
        assertFalse(messages.isActive());
        assertTrue(select.isEmpty());
    }

    @Test
    void shouldReportAClosedReceiverByItsException() throws Exception {
        Receiver receiver = receiver("mem:select-closed");
        SelectCase<Received> messages = select.receive(Event.A, receiver);
        FutureTask<Event> waiting = blocked(select::await);
        receiver.close();
        assertEquals(Event.A, result(waiting));
        String told = assertThrows(ChannelClosedException.class, messages::value).getMessage();
        assertTrue(told.contains("mem:select-closed"), told);
        assertTrue(select.isEmpty());
    }

    @Test
    void shouldReportASenderWithoutReceiversByItsException() throws Exception {
        Sender sender = sender("mem:select-gone?capacity=1");
        Receiver receiver = receiver("mem:select-gone?capacity=1");
        sender.send(text("fills it"));
        ByteBuffer second = text("never sent");
        SelectCase<ByteBuffer> room = select.send(Event.A, sender, second);
        FutureTask<Event> waiting = blocked(select::await);
        receiver.close();
        assertEquals(Event.A, result(waiting));
        assertThrows(PeerGoneException.class, room::value);
        assertEquals(10, second.remaining());
    }

    @Test
    void shouldRefuseWhatItCannotWaitFor() {
        Sender sender = sender("mem:select-refuse?maxMessage=8");
        assertThrows(MessageTooLargeException.class, () -> select.send(Event.A, sender, text("more than eight")));
        assertThrows(IllegalArgumentException.class, () -> select.every(Event.A, Duration.ZERO));
        assertThrows(NullPointerException.class, () -> select.after(null, SHORT));
        assertThrows(NullPointerException.class, () -> select.on(Event.A, null));
        assertThrows(IllegalArgumentException.class, () -> select.receive(Event.A, (Receiver) null));
        assertTrue(select.isEmpty());
    }

    @Test
    void shouldReceiveAndSendValues() throws Exception {
        TypedSender<Long> sender = kept(Ipc.sender("mem:select-typed?capacity=1", Codec.longs()));
        TypedReceiver<Long> receiver = kept(Ipc.receiver("mem:select-typed?capacity=1", Codec.longs()));
        SelectCase<ReceivedValue<Long>> values = select.receive(Event.A, receiver);
        SelectCase<Long> sent = select.send(Event.B, sender, 7L);
        assertEquals(Event.B, select.await());
        assertEquals(7L, sent.value());
        assertEquals(Event.A, select.await());
        assertEquals(7L, values.value().value());
        sender.channel().send(text("abc"));
        assertEquals(Event.A, select.await());
        assertThrows(MalformedMessageException.class, values::value);
        assertTrue(values.isActive(), "the channel goes on");
        sender.send(8L);
        assertEquals(Event.A, select.await());
        assertEquals(8L, values.value().value());
    }

    @Test
    void shouldAcceptPeers() throws Exception {
        Listener listener = kept(Ipc.listen("mem:select-listen"));
        SelectCase<Duplex> peers = select.accept(Event.A, listener);
        FutureTask<Event> waiting = blocked(select::await);
        Duplex mine = kept(Ipc.connect("mem:select-listen"));
        assertEquals(Event.A, result(waiting));
        Duplex theirs = kept(peers.value());
        SelectCase<Received> messages = select.receive(Event.B, theirs.receiver());
        mine.sender().send(text("hello"));
        assertEquals(Event.B, select.await());
        assertEquals("hello", messages.value().text());
        messages.close();
        waiting = blocked(select::await);
        listener.close();
        assertEquals(Event.A, result(waiting));
        assertThrows(ChannelClosedException.class, peers::value);
    }

    @Test
    void shouldCountPeriodsThatNobodyHadTimeFor() throws Exception {
        long start = System.nanoTime();
        SelectCase<Long> ticks = select.every(Event.A, Duration.ofMillis(10));
        long total = 0;
        while (total < 10) {
            assertEquals(Event.A, select.await());
            total += ticks.value();
        }
        assertTrue(System.nanoTime() - start >= 100_000_000);
        CompletableFuture<Void> late = new CompletableFuture<>();
        late.completeOnTimeout(null, 100, TimeUnit.MILLISECONDS).join();
        select.await();
        assertTrue(ticks.value() >= 9, "found " + ticks.value());
    }

    @Test
    void shouldTellHowComputationsEnd() throws Exception {
        SelectCase<Object> nothing = select.on(Event.A, CompletableFuture.completedFuture(null));
        assertEquals(Event.A, select.await());
        assertNull(nothing.value());
        RuntimeException thrown = new IllegalStateException("failed");
        SelectCase<Object> failed = select.on(Event.A, CompletableFuture.failedFuture(thrown));
        assertEquals(Event.A, select.await());
        assertSame(thrown, assertThrows(RuntimeException.class, failed::value));
        IOException checked = new IOException("failed");
        SelectCase<Object> wrapped = select.on(Event.A, CompletableFuture.failedFuture(checked));
        assertEquals(Event.A, select.await());
        assertSame(checked, assertThrows(CompletionException.class, wrapped::value).getCause());
        CompletableFuture<Object> unfinished = new CompletableFuture<>();
        select.on(Event.A, unfinished).close();
        assertFalse(unfinished.isDone(), "closing the case cancels nothing");
    }

    @Test
    void shouldTellTheEndOfAProcess() throws Exception {
        Process child = new ProcessBuilder("cat").start();
        SelectCase<ProcessHandle> exit = select.onExit(Event.A, child.toHandle());
        assertEquals(Event.NOTHING, select.await(SHORT, Event.NOTHING));
        FutureTask<Event> waiting = blocked(select::await);
        child.getOutputStream().close();
        assertEquals(Event.A, result(waiting));
        assertEquals(child.pid(), exit.value().pid());
    }

    @Test
    void shouldBeInterruptedAndLoseNothing() throws Exception {
        Sender sender = sender("mem:select-interrupt");
        SelectCase<Received> messages = select.receive(Event.A, receiver("mem:select-interrupt"));
        AtomicReference<Thread> waiter = new AtomicReference<>();
        FutureTask<Event> waiting = blocked(() -> {
            waiter.set(Thread.currentThread());
            return select.await();
        });
        waiter.get().interrupt();
        assertInstanceOf(InterruptedException.class, failure(waiting));
        sender.send(text("kept"));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, select::await);
        assertFalse(Thread.interrupted());
        assertEquals(Event.A, select.await());
        assertEquals("kept", messages.value().text());
    }

    @Test
    void shouldTakeNoticeOfWhatOtherThreadsDo() throws Exception {
        SelectCase<Received> only = select.receive(Event.A, receiver("mem:select-others"));
        FutureTask<Event> waiting = blocked(select::await);
        assertThrows(IllegalStateException.class, () -> select.poll(Event.NOTHING), "a second thread");
        select.after(Event.B, Duration.ZERO);
        assertEquals(Event.B, result(waiting));
        waiting = blocked(select::await);
        only.close();
        assertInstanceOf(IllegalStateException.class, failure(waiting));
        select.receive(Event.A, receiver("mem:select-others-too"));
        waiting = blocked(select::await);
        select.close();
        assertInstanceOf(ChannelClosedException.class, failure(waiting));
        assertThrows(ChannelClosedException.class, () -> select.poll(Event.NOTHING));
        assertThrows(ChannelClosedException.class, () -> select.after(Event.A, SHORT));
        assertFalse(select.isOpen());
    }
}

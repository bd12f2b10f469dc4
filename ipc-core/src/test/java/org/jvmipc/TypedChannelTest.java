package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TypedChannelTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);

    record Tick(long time, String symbol, double price) {
    }

    private final Codec<Tick> ticks = Codec.ofRecord(Tick.class);

    @Test
    void shouldSendAndReceiveInEveryForm() throws Exception {
        try (TypedSender<Tick> sender = Ipc.sender("mem:typed-forms", ticks);
                TypedReceiver<Tick> receiver = Ipc.receiver("mem:typed-forms", ticks)) {
            sender.send(new Tick(1, "A", 1.5));
            sender.send(new Tick(2, "B", 2.5), LONG);
            assertEquals(SendResult.SENT, sender.trySend(new Tick(3, "C", 3.5)));
            sender.sendAsync(new Tick(4, "D", 4.5)).get(20, TimeUnit.SECONDS);
            assertEquals(new Tick(1, "A", 1.5), receiver.receive());
            assertEquals(new Tick(2, "B", 2.5), receiver.receive(LONG).value());
            ReceivedValue<Tick> third = receiver.tryReceive();
            assertTrue(third.isValue());
            assertEquals(new Tick(3, "C", 3.5), third.value());
            assertEquals(ProcessHandle.current().pid(), third.sender().pid());
            List<Tick> polled = new ArrayList<>();
            assertEquals(1, receiver.poll(polled::add, 10));
            assertEquals(List.of(new Tick(4, "D", 4.5)), polled);
            assertEquals(0, receiver.poll(polled::add, 10));
            assertEquals(Received.Kind.EMPTY, receiver.tryReceive().kind());
            assertEquals(Received.Kind.TIMED_OUT, receiver.receive(SHORT).kind());
            assertEquals(4, sender.status().sent());
            assertEquals(4, receiver.status().received());
        }
    }

    @Test
    void shouldTransfer() throws Exception {
        try (TypedSender<Long> sender = Ipc.sender("mem:typed-transfer", Codec.longs());
                TypedReceiver<Long> receiver = Ipc.receiver("mem:typed-transfer", Codec.longs())) {
            assertEquals(TransferResult.UNCONFIRMED, sender.transfer(1L, SHORT));
            CompletableFuture<Void> second = sender.transferAsync(2L);
            assertFalse(second.isDone());
            assertEquals(1L, receiver.receive());
            assertEquals(2L, receiver.receive());
            second.get(20, TimeUnit.SECONDS);
            CompletableFuture<Long> taken = CompletableFuture.supplyAsync(() -> {
                try {
                    return receiver.receive();
                } catch (InterruptedException unexpected) {
                    throw new AssertionError(unexpected);
                }
            });
            sender.transfer(3L);
            assertEquals(3L, taken.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldPushValues() throws Exception {
        BlockingQueue<String> pushed = new LinkedBlockingQueue<>();
        try (TypedSender<String> sender = Ipc.sender("mem:typed-push", Codec.utf8());
                TypedReceiver<String> receiver = Ipc.receiver("mem:typed-push", Codec.utf8());
                Registration pushing = receiver.onValue(pushed::add, Runnable::run)) {
            sender.send("one");
            sender.send("two");
            assertEquals("one", pushed.poll(20, TimeUnit.SECONDS));
            assertEquals("two", pushed.poll(20, TimeUnit.SECONDS));
            assertFalse(pushing.toString().isEmpty());
        }
    }

    @Test
    void shouldRefuseAnotherTypeAtOpeningAndNameBoth() {
        try (TypedSender<Tick> sender = Ipc.sender("mem:typed-mismatch", ticks)) {
            assertTrue(sender.isOpen());
            IncompatibleChannelException refused = assertThrows(IncompatibleChannelException.class,
                    () -> Ipc.receiver("mem:typed-mismatch", Codec.longs()));
            String mine = Long.toHexString(Codec.longs().typeHash());
            String theirs = Long.toHexString(ticks.typeHash());
            assertTrue(refused.getMessage().contains("wants messages of type " + mine), refused.getMessage());
            assertTrue(refused.getMessage().contains("carries type " + theirs), refused.getMessage());
            assertTrue(refused.getMessage().endsWith(mine + " is long; " + theirs
                    + " is record Tick(long time,string symbol,double price)"), refused.getMessage());
            try (TypedReceiver<Tick> same = Ipc.receiver("mem:typed-mismatch", ticks);
                    Receiver untyped = Ipc.receiver("mem:typed-mismatch");
                    TypedReceiver<String> unchecked = Ipc.receiver("mem:typed-mismatch",
                            Codec.of((String text) -> text.getBytes(StandardCharsets.UTF_8), String::new))) {
                assertTrue(same.isOpen() && untyped.isOpen() && unchecked.isOpen());
            }
        }
    }

    @Test
    void shouldRefuseConnectionsOfAnotherType() throws Exception {
        Address plain = Address.of("mem", "typed-connect");
        Address longs = plain.with("typeHash", Long.toHexString(Codec.longs().typeHash()));
        Address texts = plain.with("typeHash", Long.toHexString(Codec.utf8().typeHash()));
        try (Duplex early = Ipc.connect(texts);
                Listener listener = Ipc.listen(longs);
                Duplex untyped = Ipc.connect(plain);
                Duplex accepted = listener.accept(LONG)) {
            assertThrows(EndOfChannelException.class, () -> early.receiver().receive());
            untyped.sender().send(ByteBuffer.allocate(8));
            assertEquals(0, TypedReceiver.over(accepted.receiver(), Codec.longs()).receive());
            IncompatibleChannelException refused =
                    assertThrows(IncompatibleChannelException.class, () -> Ipc.connect(texts));
            assertTrue(refused.getMessage().endsWith("wants messages of type " + texts.options().get("typeHash")
                    + ", the listener has type " + longs.options().get("typeHash")), refused.getMessage());
        }
    }

    @Test
    void shouldTakeTheTypeOfTheFirstEndThatHasOne() {
        try (Sender untyped = Ipc.sender("mem:typed-later");
                TypedReceiver<String> texts = Ipc.receiver("mem:typed-later", Codec.utf8())) {
            assertTrue(untyped.isOpen() && texts.isOpen());
            assertThrows(IncompatibleChannelException.class, () -> Ipc.receiver("mem:typed-later", Codec.longs()));
        }
    }

    @Test
    void shouldRefuseAnAddressThatNamesAnotherType() {
        String mine = Long.toHexString(Codec.utf8().typeHash());
        Ipc.sender("mem:typed-address?typeHash=" + mine, Codec.utf8()).close();
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> Ipc.sender("mem:typed-address?typeHash=1", Codec.utf8()));
        assertTrue(refused.getMessage().contains("typeHash=1") && refused.getMessage().contains(mine + " for string"),
                refused.getMessage());
    }

    @Test
    void shouldTellOfAMalformedMessageOnceAndGoOn() throws Exception {
        try (Sender raw = Ipc.sender("mem:typed-malformed");
                TypedReceiver<Long> receiver = Ipc.receiver("mem:typed-malformed", Codec.longs())) {
            for (int i = 0; i < 4; i++) {
                raw.send(ByteBuffer.allocate(3));
                raw.send(ByteBuffer.allocate(8).putLong(i).flip());
            }
            MalformedMessageException told = assertThrows(MalformedMessageException.class, receiver::receive);
            assertTrue(told.getMessage().matches(
                    "mem:typed-malformed\\?typeHash=\\w+: a message of 3 bytes from pid \\d+ \\(.*\\) is no long: "
                            + "a long has 8 bytes, here are 3"), told.getMessage());
            assertEquals(0, receiver.receive());
            assertThrows(MalformedMessageException.class, () -> receiver.receive(LONG));
            assertEquals(1, receiver.receive(LONG).value());
            assertThrows(MalformedMessageException.class, receiver::tryReceive);
            assertEquals(2, receiver.tryReceive().value());
            List<Long> polled = new ArrayList<>();
            assertThrows(MalformedMessageException.class, () -> receiver.poll(polled::add, 10));
            assertEquals(List.of(), polled);
            assertEquals(1, receiver.poll(polled::add, 10));
            assertEquals(List.of(3L), polled);
        }
    }

    @Test
    void shouldTellWhatADecoderThrewOrLeft() throws Exception {
        Codec<String> broken = Codec.of("broken", (String text) -> text.getBytes(StandardCharsets.UTF_8), bytes -> {
            if (bytes.length == 0) {
                return null;
            }
            throw new ArithmeticException("no such number");
        });
        try (TypedSender<String> sender = Ipc.sender("mem:typed-decoder", broken);
                TypedReceiver<String> receiver = Ipc.receiver("mem:typed-decoder", broken)) {
            sender.send("x");
            MalformedMessageException told = assertThrows(MalformedMessageException.class, receiver::tryReceive);
            assertInstanceOf(ArithmeticException.class, told.getCause());
            assertTrue(told.getMessage().endsWith("is no broken: java.lang.ArithmeticException: no such number"),
                    told.getMessage());
            sender.send("");
            told = assertThrows(MalformedMessageException.class, receiver::tryReceive);
            assertTrue(told.getMessage().endsWith("the decoder gave null"), told.getMessage());
        }
    }

    @Test
    void shouldPassOnWhatAHandlerThrows() throws Exception {
        try (TypedSender<Long> sender = Ipc.sender("mem:typed-handler", Codec.longs());
                TypedReceiver<Long> receiver = Ipc.receiver("mem:typed-handler", Codec.longs())) {
            sender.send(1L);
            sender.send(2L);
            IllegalStateException mine = new IllegalStateException("mine");
            IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> receiver.poll(value -> {
                throw mine;
            }, 5));
            assertEquals(mine, thrown);
            assertEquals(2, receiver.receive());
        }
    }

    @Test
    void shouldSendNothingIfTheValueCannotBeEncoded() {
        try (TypedSender<Tick> sender = Ipc.sender("mem:typed-null", ticks)) {
            assertThrows(IllegalArgumentException.class, () -> sender.trySend(new Tick(1, null, 0)));
            assertThrows(IllegalArgumentException.class, () -> sender.send(null));
            assertEquals(0, sender.status().sent());
            assertEquals(SendResult.SENT, sender.trySend(new Tick(1, "x", 0)));
        }
    }

    @Test
    void shouldSendLargeValuesAndRefuseTooLargeOnes() throws Exception {
        try (TypedSender<String> sender = Ipc.sender("mem:typed-large?maxMessage=200k", Codec.utf8());
                TypedReceiver<String> receiver = Ipc.receiver("mem:typed-large?maxMessage=200k", Codec.utf8())) {
            String large = "ä".repeat(100 << 10);
            sender.send(large);
            assertEquals(large, receiver.receive());
            assertThrows(MessageTooLargeException.class, () -> sender.send(large + "x"));
        }
    }

    @Test
    void shouldEndAndClose() throws Exception {
        TypedReceiver<Long> receiver = Ipc.receiver("mem:typed-end", Codec.longs());
        TypedSender<Long> sender = Ipc.sender("mem:typed-end", Codec.longs());
        assertTrue(sender.awaitPeer(LONG));
        assertTrue(sender.close(LONG));
        assertFalse(sender.isOpen());
        assertEquals(SendResult.CLOSED, sender.trySend(1L));
        assertThrows(EndOfChannelException.class, receiver::receive);
        assertEquals(Received.Kind.END, receiver.receive(SHORT).kind());
        assertThrows(IllegalStateException.class, () -> receiver.tryReceive().value());
        assertEquals(-1, receiver.poll(value -> { }, 1));
        receiver.close();
        assertThrows(ChannelClosedException.class, receiver::tryReceive);
    }

    @Test
    void shouldGoOverTheHalvesOfADuplex() throws Exception {
        try (Listener listener = Ipc.listen("mem:typed-duplex");
                Duplex one = Ipc.connect("mem:typed-duplex");
                Duplex other = listener.accept(LONG)) {
            TypedSender<Tick> sender = TypedSender.over(one.sender(), ticks);
            TypedReceiver<Tick> receiver = TypedReceiver.over(other.receiver(), ticks);
            sender.send(new Tick(5, "E", 0.5));
            assertEquals(new Tick(5, "E", 0.5), receiver.receive());
            sender.channel().send(ByteBuffer.allocate(1));
            assertEquals(1, receiver.channel().receive().message().length());
        }
    }

    @Test
    void shouldLetSeveralThreadsSendThroughOneSender() throws Exception {
        int threads = 4;
        int each = 2_000;
        try (TypedSender<Tick> sender = Ipc.sender("mem:typed-threads?capacity=64", ticks);
                TypedReceiver<Tick> receiver = Ipc.receiver("mem:typed-threads?capacity=64", ticks)) {
            List<CompletableFuture<Void>> sending = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String symbol = "S".repeat(i * 50);
                sending.add(CompletableFuture.runAsync(() -> {
                    try {
                        for (int number = 0; number < each; number++) {
                            sender.send(new Tick(number, symbol, number));
                        }
                    } catch (InterruptedException unexpected) {
                        throw new AssertionError(unexpected);
                    }
                }, task -> new Thread(task).start()));
            }
            long[] next = new long[threads];
            for (int i = 0; i < threads * each; i++) {
                Tick tick = receiver.receive(LONG).value();
                assertEquals(tick.time(), tick.price());
                assertEquals(next[tick.symbol().length() / 50]++, tick.time());
            }
            for (CompletableFuture<Void> one : sending) {
                one.get(20, TimeUnit.SECONDS);
            }
        }
    }
}

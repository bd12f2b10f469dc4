package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordViewTest {
    enum Side { BUY, SELL }

    record Quote(double price, int size) {
    }

    record Tick(long time, boolean last, Side side, Quote quote) {
    }

    record Named(String first, Quote quote, String second, Optional<Integer> number, List<Integer> list, String third) {
    }

    private final RecordView<Tick> ticks = RecordView.of(Tick.class);
    private final RecordView<Named> named = RecordView.of(Named.class);
    private final RecordView.LongField time = ticks.longField("time");
    private final RecordView.BooleanField last = ticks.booleanField("last");
    private final RecordView.EnumField<Side> side = ticks.enumField("side", Side.class);
    private final RecordView.DoubleField price = ticks.doubleField("quote.price");
    private final RecordView.IntField size = ticks.intField("quote.size");

    @Test
    void shouldWriteWhatTheCodecReadsAndReadWhatItWrites() throws Exception {
        Codec<Tick> codec = Codec.ofRecord(Tick.class);
        try (TypedSender<Tick> sender = Ipc.sender("mem:views?capacity=2", codec);
                TypedReceiver<Tick> receiver = Ipc.receiver("mem:views?capacity=2", codec)) {
            assertTrue(ticks.trySend(sender, view -> {
                time.set(view, 5);
                last.set(view, true);
                side.set(view, Side.SELL);
                price.set(view, 1.25);
                size.set(view, -3);
            }));
            assertEquals(new Tick(5, true, Side.SELL, new Quote(1.25, -3)), receiver.receive());
            assertTrue(ticks.trySend(sender, view -> { }), "all components are zeros");
            assertEquals(new Tick(0, false, Side.BUY, new Quote(0, 0)), receiver.receive());
            IllegalStateException mine = new IllegalStateException();
            assertEquals(mine, assertThrows(IllegalStateException.class, () -> ticks.trySend(sender, view -> {
                throw mine;
            })));
            sender.send(new Tick(7, false, Side.SELL, new Quote(2.5, 9)));
            sender.send(new Tick(8, true, Side.BUY, new Quote(3.5, 10)));
            List<Object> seen = new ArrayList<>();
            assertEquals(2, ticks.poll(receiver, view -> seen.addAll(List.of(time.get(view), last.get(view),
                    side.get(view), price.get(view), size.get(view))), 10));
            assertEquals(List.of(7L, false, Side.SELL, 2.5, 9, 8L, true, Side.BUY, 3.5, 10), seen);
            assertThrows(IllegalStateException.class, () -> time.get(ticks));
        }
    }

    @Test
    void shouldReadTextWherePlacesAreKnown() {
        Codec<Named> codec = Codec.ofRecord(Named.class);
        Named value = new Named("ä", new Quote(1, 2), "xyz", Optional.of(3), List.of(4, 5), "end");
        ByteBuffer message = codec.message(value, ByteBuffer.allocate(200));
        ByteBuffer elsewhere = ByteBuffer.allocate(300).position(17).put(message).flip().position(17);
        named.wrap(elsewhere);
        assertEquals("ä", named.textField("first").get(named));
        assertEquals("xyz", named.textField("second").get(named));
        assertEquals(2, named.intField("quote.size").get(named));
        assertEquals(3, named.textField("second").bytes(named).remaining());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> named.textField("third")).getMessage()
                .contains("follows a list"));
        try (TypedSender<Named> sender = Ipc.sender("mem:views-text", codec)) {
            assertThrows(UnsupportedOperationException.class, () -> named.trySend(sender, view -> { }));
        }
    }

    @Test
    void shouldCheckWhatItReads() {
        assertThrows(MalformedMessageException.class, () -> ticks.wrap(ByteBuffer.allocate(ticks.size() - 1)));
        assertThrows(MalformedMessageException.class, () -> ticks.wrap(ByteBuffer.allocate(ticks.size() + 1)));
        ByteBuffer wrong = ByteBuffer.allocate(ticks.size()).put(8, (byte) 2).putShort(9, (short) 2);
        ticks.wrap(wrong);
        assertThrows(MalformedMessageException.class, () -> last.get(ticks));
        assertThrows(MalformedMessageException.class, () -> side.get(ticks));
        for (int length : new int[] {-1, 1, Integer.MAX_VALUE}) {
            named.wrap(ByteBuffer.allocate(named.size()).putInt(0, length));
            assertThrows(MalformedMessageException.class, () -> named.textField("first").get(named));
            assertThrows(MalformedMessageException.class, () -> named.textField("second").get(named));
        }
        assertFalse(assertThrows(IllegalArgumentException.class, () -> ticks.intField("time")).getMessage().isEmpty());
        assertThrows(IllegalArgumentException.class, () -> ticks.intField("quote.none"));
        assertThrows(IllegalArgumentException.class, () -> ticks.intField("time.size"));
        assertThrows(IllegalArgumentException.class, () -> ticks.enumField("side", Thread.State.class));
        assertThrows(IllegalArgumentException.class, () -> ticks.enumField("time", Side.class));
    }
}

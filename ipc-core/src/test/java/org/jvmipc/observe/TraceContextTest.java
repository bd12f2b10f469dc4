package org.jvmipc.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Codec;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.Sender;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;

/** Trace contexts by the rules of the W3C, and as headers of messages. */
class TraceContextTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String STATE = "rojo=00f067aa0ba902b7, 1a@fw=x y z!,congo=t61rcWkgMzE,";

    @Test
    void shouldReadAndWriteTheHeaders() {
        TraceContext context = TraceContext.parse(PARENT, STATE);
        assertEquals(PARENT, context.traceparent());
        assertEquals(0x4bf92f3577b34da6L, context.traceIdHigh());
        assertEquals(0xa3ce929d0e0e4736L, context.traceIdLow());
        assertEquals(0x00f067aa0ba902b7L, context.parentId());
        assertEquals(TraceContext.SAMPLED, context.flags());
        assertEquals(STATE, context.state());
        // Of a later version what is known.
        assertEquals(PARENT, TraceContext.parse("cc" + PARENT.substring(2) + "-what-comes-then", "").traceparent());
        assertEquals(PARENT, TraceContext.parse("fe" + PARENT.substring(2), "").traceparent());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"})
    void shouldRefuseParentsThatAreNotValid(String traceparent) {
        assertThrows(IllegalArgumentException.class, () -> TraceContext.parse(traceparent, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A=1", "a=", "=1", "a=1,a=2", "a=1=2", "a=\u00e9", "a@toolongasystemid=1",
        "a=1,\u2003b=2"})
    void shouldLeaveOutStatesThatAreNotValid(String tracestate) {
        assertEquals("", TraceContext.parse(PARENT, tracestate).state());
        assertThrows(IllegalArgumentException.class, () -> new TraceContext(1, 2, 3, 0, tracestate));
    }

    @Test
    void shouldTakeStatesOfUpTo32Members() {
        String state = members(32);
        assertEquals(state, TraceContext.parse(PARENT, state).state());
        assertEquals("", TraceContext.parse(PARENT, members(33)).state());
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i + "=" + "v".repeat(256))
                .collect(Collectors.joining(","));
    }

    @Test
    void shouldTravelInFrontOfValues() throws Exception {
        Codec<Traced<Long>> codec = Traced.codec(Codec.longs());
        Traced<Long> with = Traced.of(7L, TraceContext.parse(PARENT, members(32)));
        Traced<Long> without = Traced.of(8L);
        try (TypedSender<Traced<Long>> sender = Ipc.sender("mem:traced", codec);
                TypedReceiver<Traced<Long>> receiver = Ipc.receiver("mem:traced", codec)) {
            sender.send(with);
            sender.send(without);
            assertEquals(with, receiver.receive());
            assertEquals(without, receiver.receive());
            assertThrows(IncompatibleChannelException.class, () -> Ipc.sender("mem:traced", Codec.longs()));
        }
    }

    /** The bytes of docs/formats/trace.md. */
    @Test
    void shouldHaveTheLayoutThatIsDocumented() {
        Codec<Traced<String>> codec = Traced.codec(Codec.utf8());
        TraceContext context = TraceContext.parse(PARENT, "a=b");
        assertEquals("54430101004bf92f3577b34da6a3ce929d0e0e473600f067aa0ba902b7010003613d624869",
                hex(codec.message(Traced.of("Hi", context), ByteBuffer.allocate(0))));
        assertEquals("544301004869", hex(codec.message(Traced.of("Hi"), ByteBuffer.allocate(0))));
        assertEquals("traced(string)", codec.type());
        assertEquals("", Traced.codec(Codec.of(String::getBytes, String::new)).type());
    }

    private static String hex(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void shouldRefuseMessagesWithoutAHeader() throws Exception {
        Codec<Traced<String>> codec = Traced.codec(Codec.of(String::getBytes, String::new));
        try (Sender sender = Ipc.sender("mem:untraced");
                TypedReceiver<Traced<String>> receiver = Ipc.receiver("mem:untraced", codec)) {
            for (String bytes : List.of("", "48656c6c6f", "5443", "54430201", "54430105", "544301010001",
                    "54430101004bf92f3577b34da6a3ce929d0e0e473600f067aa0ba902b7010003613d",
                    "54430101" + "00".repeat(25) + "010000")) {
                sender.send(ByteBuffer.wrap(HexFormat.of().parseHex(bytes)));
                assertThrows(MalformedMessageException.class, receiver::receive, bytes);
            }
            sender.send(ByteBuffer.wrap(HexFormat.of().parseHex("544301004869")));
            assertEquals(new Traced<>("Hi", Optional.empty()), receiver.receive());
            assertTrue(receiver.status().received() == 9);
        }
    }
}

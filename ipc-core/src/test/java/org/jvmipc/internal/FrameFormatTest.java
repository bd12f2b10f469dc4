package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.jvmipc.PeerInfo;

class FrameFormatTest {
    @Test
    void shouldWriteTheDocumentedBytes() {
        assertEquals("00000002" + "6869", hex(Frames.data("hi")));
        assertEquals("40000000", hex(Frames.dataForReceipt("")));
        assertEquals("80000000", hex(Frames.receipt()));
        assertEquals("c0000015" + "01" + "01" + "0000000000001267" + "00000000deadbeef" + "612e62",
                hex(Frames.bytes(FrameFormat.hello(new PeerInfo(4711, "a.b"), 0xdeadbeefL, ""))));
        assertEquals("c000000a" + "02" + "00" + "0000000000001267", hex(Frames.bye(Frames.PEER, false)));
        assertEquals("c000000a" + "02" + "01" + "0000000000001267", hex(Frames.bye(Frames.PEER, true)));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void shouldReadWhatItWrites() {
        ByteBuffer frame = FrameFormat.hello(new PeerInfo(Long.MAX_VALUE, "name"), -1, "long").position(5);
        assertEquals(new FrameFormat.Hello(1, new PeerInfo(Long.MAX_VALUE, "name"), -1, "long"),
                FrameFormat.readHello(frame));
    }

    @Test
    void shouldCutLongNamesAndStayBelowTheLimitOfControlFrames() {
        ByteBuffer frame = FrameFormat.hello(new PeerInfo(1, "ä".repeat(1000)), 0, "");
        assertEquals(4 + 18 + 200, frame.remaining());
        assertEquals("ä".repeat(100), FrameFormat.readHello(frame.position(5)).peer().name());
    }

    @Test
    void shouldRefuseAGreetingThatIsTooShort() {
        assertNull(FrameFormat.readHello(ByteBuffer.allocate(16)));
        assertEquals("", FrameFormat.readHello(ByteBuffer.allocate(17)).peer().name());
    }

    @Test
    void shouldKeepKindAndLengthApart() {
        for (int kind = 0; kind < 4; kind++) {
            int header = FrameFormat.header(kind, FrameFormat.LENGTH_MASK);
            assertArrayEquals(new int[] {kind, FrameFormat.LENGTH_MASK},
                    new int[] {header >>> 30, header & FrameFormat.LENGTH_MASK});
        }
    }
}

package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
    private static <T> T roundTrip(Codec<T> codec, T value) {
        ByteBuffer message = codec.message(value, ByteBuffer.allocate(3));
        assertEquals(codec.size(value), message.remaining());
        return codec.decode(message);
    }

    @Test
    void shouldHashTypesTheSameWayEverywhere() {
        assertEquals(0x704be0d8faaffc58L, Codec.utf8().typeHash());
        assertEquals(0xcde8c9ad70d16733L, Codec.longs().typeHash());
        assertEquals(0x2f2ec0474f1c4fe4L, Codec.bytes().typeHash());
        assertEquals(0, Codec.of((String text) -> text.getBytes(StandardCharsets.UTF_8), String::new).typeHash());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "äöü", "€", "\ud83d\ude00 smile", "\u0000\u007f\u0080\u07ff\u0800\uffff"})
    void shouldEncodeTextAsTheJdkDoes(String text) {
        ByteBuffer message = Codec.utf8().message(text, ByteBuffer.allocate(0));
        byte[] bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), bytes);
        assertEquals(text, Codec.utf8().decode(message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d"})
    void shouldRefuseHalfASurrogatePair(String text) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Codec.utf8().size(text));
        assertTrue(refused.getMessage().contains("half a surrogate pair"), refused.getMessage());
    }

    @Test
    void shouldRefuseBytesThatAreNoUtf8() {
        for (String bytes : new String[] {"ff", "c3", "c080", "61eda080", "f8888080", "f4908080"}) {
            assertThrows(MalformedMessageException.class,
                    () -> Codec.utf8().decode(ByteBuffer.wrap(HexFormat.of().parseHex(bytes))));
        }
    }

    @Test
    void shouldCarryNumbersAndBytes() {
        assertEquals(Long.MIN_VALUE, roundTrip(Codec.longs(), Long.MIN_VALUE));
        assertEquals(-2L, roundTrip(Codec.longs(), -2L));
        assertArrayEquals(new byte[] {1, 2, 3}, roundTrip(Codec.bytes(), new byte[] {1, 2, 3}));
        assertArrayEquals(new byte[0], roundTrip(Codec.bytes(), new byte[0]));
    }

    @Test
    void shouldRefuseNumbersOfAnotherLength() {
        for (int length : new int[] {0, 7, 9}) {
            MalformedMessageException malformed = assertThrows(MalformedMessageException.class,
                    () -> Codec.longs().decode(ByteBuffer.allocate(length)));
            assertTrue(malformed.getMessage().endsWith("here are " + length), malformed.getMessage());
        }
    }

    @Test
    void shouldRefuseNull() {
        assertThrows(IllegalArgumentException.class, () -> Codec.utf8().size(null));
        assertThrows(IllegalArgumentException.class, () -> Codec.longs().size(null));
        assertThrows(IllegalArgumentException.class, () -> Codec.bytes().size(null));
    }

    @Test
    void shouldUseTheRoomThatIsLargeEnoughInBigEndianOrder() {
        ByteBuffer room = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer message = Codec.longs().message(1L, room);
        assertSame(room, message);
        assertEquals(1, message.get(7));
        assertNotEquals(room, Codec.utf8().message("longer than 8", room));
    }

    @Test
    void shouldMakeACodecOfTwoFunctions() {
        Codec<Integer> codec = Codec.of("decimal/1",
                number -> Integer.toString(number).getBytes(StandardCharsets.US_ASCII),
                bytes -> Integer.valueOf(new String(bytes, StandardCharsets.US_ASCII)));
        assertEquals(-17, roundTrip(codec, -17));
        assertEquals("decimal/1", codec.type());
        ByteBuffer direct = ByteBuffer.allocateDirect(10);
        codec.encode(42, direct);
        assertEquals(42, codec.decode(direct.flip()));
        assertThrows(IllegalArgumentException.class, () -> Codec.of("", (byte[] b) -> b, b -> b));
    }

    @Test
    void shouldTellWhenACodecWritesAnotherSizeThanItAnnounced() {
        Codec<String> wrong = new Codec<>() {
            @Override
            public int size(String value) {
                return 4;
            }

            @Override
            public void encode(String value, ByteBuffer into) {
                into.put((byte) 1);
            }

            @Override
            public String decode(ByteBuffer from) {
                return "";
            }

            @Override
            public String type() {
                return "wrong";
            }
        };
        IllegalStateException told =
                assertThrows(IllegalStateException.class, () -> wrong.message("x", ByteBuffer.allocate(8)));
        assertEquals("the codec of \"wrong\" announced 4 bytes and wrote 1", told.getMessage());
    }
}

package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    private static final HexFormat HEX = HexFormat.of();

    enum Side { BUY, SELL }

    record Order(long id, String symbol, Side side, int quantity) {
    }

    private record Everything(boolean flag, byte octet, short small, char letter, int number, long large, float single,
            double real, String first, Side side, String second) {
    }

    private record Nothing() {
    }

    private record Positive(int number) {
        Positive {
            if (number <= 0) {
                throw new IllegalArgumentException("number is " + number + ", it must be positive");
            }
        }
    }

    private record Listing(int id, List<Object> names) {
    }

    private final Codec<Order> orders = Codec.ofRecord(Order.class);

    private static byte[] encode(Codec<Order> codec, Order order) {
        ByteBuffer message = codec.message(order, ByteBuffer.allocate(0));
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    private static ByteBuffer hex(String bytes) {
        return ByteBuffer.wrap(HEX.parseHex(bytes.replace(" ", "")));
    }

    private static String malformed(Codec<?> codec, ByteBuffer message) {
        return assertThrows(MalformedMessageException.class, () -> codec.decode(message)).getMessage();
    }

    @Test
    void shouldWriteTheDocumentedBytes() {
        assertEquals("0000000000000007" + "00000003" + "0001" + "000001f4" + "414243",
                HEX.formatHex(encode(orders, new Order(7, "ABC", Side.SELL, 500))));
        assertEquals("record Order(long id,string symbol,enum{BUY,SELL} side,int quantity)", orders.type());
        assertEquals(0xc9dc18f21b4a97b1L, orders.typeHash());
    }

    @Test
    void shouldCarryEveryKindOfComponent() {
        Codec<Everything> codec = Codec.ofRecord(Everything.class, MethodHandles.lookup());
        Everything extremes = new Everything(true, Byte.MIN_VALUE, Short.MIN_VALUE, '\uffff', Integer.MIN_VALUE,
                Long.MIN_VALUE, Float.NaN, -0.0, "äöü", Side.SELL, "");
        assertEquals(extremes, codec.decode(codec.message(extremes, ByteBuffer.allocateDirect(200))));
        Everything plain = new Everything(false, (byte) 1, (short) 2, 'c', 3, 4, 5.5f, 6.25, "", Side.BUY, "€uro");
        assertEquals(plain, codec.decode(codec.message(plain, ByteBuffer.allocate(0))));
        assertEquals("record Everything(boolean flag,byte octet,short small,char letter,int number,long large,"
                + "float single,double real,string first,enum{BUY,SELL} side,string second)", codec.type());
    }

    @Test
    void shouldCarryRecordsWithoutComponents() {
        Codec<Nothing> codec = Codec.ofRecord(Nothing.class);
        ByteBuffer message = codec.message(new Nothing(), ByteBuffer.allocate(1));
        assertFalse(message.hasRemaining());
        assertEquals(new Nothing(), codec.decode(message));
    }

    @Test
    void shouldWorkInTheMiddleOfABufferOfAnyOrder() {
        Order order = new Order(1, "X", Side.BUY, -1);
        ByteBuffer buffer = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).position(13);
        orders.encode(order, buffer);
        assertEquals(13 + orders.size(order), buffer.position());
        buffer.limit(buffer.position()).position(13);
        assertEquals(order, orders.decode(buffer.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN)));
    }

    @Test
    void shouldTellTypesApart() {
        record Other(long id, String symbol, Side side, int quantity) {
        }

        assertNotEquals(orders.typeHash(), Codec.ofRecord(Other.class).typeHash());
    }

    @Test
    void shouldRefuseMessagesThatAreTooShortOrTooLong() {
        assertEquals("Order takes at least 18 bytes, here are 0", malformed(orders, ByteBuffer.allocate(0)));
        assertEquals("Order takes at least 18 bytes, here are 17", malformed(orders, ByteBuffer.allocate(17)));
        assertEquals("Order takes 18 bytes, here are 19", malformed(orders, ByteBuffer.allocate(19)));
    }

    @Test
    void shouldRefuseLyingTextLengths() {
        String head = "0000000000000007 %s 0001 000001f4 414243";
        assertEquals("component symbol of Order is said to take 4 bytes, of the message's 21 only 3 are left for it",
                malformed(orders, hex(head.formatted("00000004"))));
        assertTrue(malformed(orders, hex(head.formatted("ffffffff"))).contains("said to take 4294967295 bytes"));
        assertTrue(malformed(orders, hex(head.formatted("7fffffff"))).contains("said to take 2147483647 bytes"));
        assertTrue(malformed(orders, hex(head.formatted("00000002"))).endsWith("takes 20 bytes, here are 21"));
    }

    @Test
    void shouldRefuseBadConstantsFlagsAndText() {
        assertEquals("component side of Order is constant number 2 of an enum with 2",
                malformed(orders, hex("0000000000000007 00000000 0002 000001f4")));
        assertTrue(malformed(orders, hex("0000000000000007 00000000 ffff 000001f4")).contains("number 65535"));
        assertTrue(malformed(orders, hex("0000000000000007 00000001 0000 000001f4 ff")).contains("not UTF-8"));
        record Flag(boolean up) {
        }

        assertEquals("component up of Flag is a boolean, 0 or 1, not 2",
                malformed(Codec.ofRecord(Flag.class), hex("02")));
    }

    @Test
    void shouldTellThatTheConstructorRefused() {
        Codec<Positive> codec = Codec.ofRecord(Positive.class);
        assertEquals(new Positive(1), codec.decode(hex("00000001")));
        MalformedMessageException refused =
                assertThrows(MalformedMessageException.class, () -> codec.decode(hex("00000000")));
        assertTrue(refused.getMessage().contains("number is 0, it must be positive"), refused.getMessage());
        assertEquals(IllegalArgumentException.class, refused.getCause().getClass());
    }

    @Test
    void shouldNeverDoAnythingButRefuseRandomBytes() {
        Codec<Everything> codec = Codec.ofRecord(Everything.class);
        Random random = new Random(42);
        int decoded = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (i % 2 == 0 && bytes.length >= 40) {
                // Lengths that are nearly right get further.
                ByteBuffer.wrap(bytes).put(0, (byte) 1).putInt(30, bytes.length - 40).putShort(34, (short) 1)
                        .putInt(36, random.nextInt(3) - 1);
            }
            try {
                Everything value = codec.decode(ByteBuffer.wrap(bytes));
                assertEquals(bytes.length, codec.size(value));
                decoded++;
            } catch (MalformedMessageException expected) {
                assertFalse(expected.getMessage().isEmpty());
            }
        }
        assertTrue(decoded > 0, "some of the messages should have been right");
    }

    @Test
    void shouldRefuseNullAndBadTextBeforeSending() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> orders.message(new Order(1, null, Side.BUY, 1), ByteBuffer.allocate(100)));
        assertEquals("component symbol of Order is null, which cannot be sent", refused.getMessage());
        refused = assertThrows(IllegalArgumentException.class,
                () -> orders.message(new Order(1, "", null, 1), ByteBuffer.allocate(100)));
        assertEquals("component side of Order is null, which cannot be sent", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> orders.size(null));
        assertThrows(IllegalArgumentException.class, () -> orders.size(new Order(1, "\ud800", Side.BUY, 1)));
    }

    @Test
    void shouldRefuseOtherTypesByName() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Codec.ofRecord(Listing.class));
        assertTrue(refused.getMessage().startsWith("component names of " + Listing.class.getName()
                + " is of java.util.List<java.lang.Object>; components may be"), refused.getMessage());
    }

    @Test
    void shouldRefuseARecordThatIsNotOurs() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> Codec.ofRecord(Order.class, MethodHandles.publicLookup()));
        assertTrue(refused.getMessage().startsWith(Order.class.getName() + " is not accessible to java.lang.Object"),
                refused.getMessage());
    }
}

package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Records that hold other records, lists and optional values. */
class NestedRecordTest {
    enum Side { BUY, SELL }

    record Leg(Side side, int quantity, String symbol) {
    }

    record Deal(long id, Leg first, List<Leg> more, Optional<String> note, Optional<Leg> hedge, List<Double> prices,
            List<List<String>> tags, List<Optional<Integer>> gaps) {
    }

    record Small(Optional<Short> limit, List<Leg> legs) {
    }

    record Endless(int value, Optional<Endless> next) {
    }

    record Nothing() {
    }

    record Nothings(List<Nothing> many) {
    }

    private final Codec<Deal> deals = Codec.ofRecord(Deal.class);
    private final Codec<Small> smalls = Codec.ofRecord(Small.class);

    private static Deal deal(Random random) {
        return new Deal(random.nextLong(), leg(random), legs(random),
                random.nextBoolean() ? Optional.empty() : Optional.of("nöte"),
                random.nextBoolean() ? Optional.empty() : Optional.of(leg(random)),
                random.doubles(random.nextInt(4)).boxed().toList(),
                List.of(List.of(), List.of("a", "", "€"), List.of("b")), List.of(Optional.of(7), Optional.empty()));
    }

    private static List<Leg> legs(Random random) {
        List<Leg> legs = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            legs.add(leg(random));
        }
        return legs;
    }

    private static Leg leg(Random random) {
        return new Leg(Side.values()[random.nextInt(2)], random.nextInt(), "S".repeat(random.nextInt(5)));
    }

    private static <T> byte[] encode(Codec<T> codec, T value) {
        // What was in the buffer before must not shine through.
        byte[] used = new byte[1000];
        Arrays.fill(used, (byte) 0x55);
        ByteBuffer message = codec.message(value, ByteBuffer.wrap(used));
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    @Test
    void shouldCarryWhatItIsGiven() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            Deal deal = deal(random);
            byte[] bytes = encode(deals, deal);
            assertEquals(deals.size(deal), bytes.length);
            assertEquals(deal, deals.decode(ByteBuffer.wrap(bytes)));
        }
    }

    @Test
    void shouldHaveTheLayoutThatIsDocumented() {
        Small small = new Small(Optional.of((short) 5),
                List.of(new Leg(Side.SELL, 2, "AB"), new Leg(Side.BUY, 3, "C")));
        assertEquals("01" + "0005" + "00000002"
                + "0001" + "00000002" + "00000002" + "0000" + "00000003" + "00000001" + "4142" + "43",
                HexFormat.of().formatHex(encode(smalls, small)));
        assertEquals("00" + "0000" + "00000000",
                HexFormat.of().formatHex(encode(smalls, new Small(Optional.empty(), List.of()))));
        assertEquals("record Small(optional<short> limit,"
                + "list<record Leg(enum{BUY,SELL} side,int quantity,string symbol)> legs)", smalls.type());
        assertNotEquals(smalls.typeHash(), deals.typeHash());
    }

    @Test
    void shouldReceiveListsThatCannotBeChanged() {
        Small received = smalls.decode(ByteBuffer.wrap(encode(smalls, new Small(Optional.empty(), new ArrayList<>()))));
        assertThrows(UnsupportedOperationException.class, () -> received.legs().add(null));
    }

    @Test
    void shouldNeverDoAnythingButRefuseMessagesThatWereChanged() {
        Random random = new Random(2);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = encode(deals, deal(random));
            for (int change = random.nextInt(3); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
            try {
                Deal decoded = deals.decode(ByteBuffer.wrap(cut));
                assertEquals(cut.length, deals.size(decoded));
            } catch (MalformedMessageException expected) {
                assertFalse(expected.getMessage().isEmpty());
                refused++;
            }
        }
        assertTrue(refused > 1_000, refused + " were refused");
    }

    @Test
    void shouldTakeNoMemoryForElementsThatAreNotThere() {
        String told = assertThrows(MalformedMessageException.class,
                () -> smalls.decode(ByteBuffer.allocate(7).putInt(3, Integer.MAX_VALUE))).getMessage();
        assertEquals("component legs of Small: a list is said to have 2147483647 elements, which take at least 10 "
                + "bytes each, only 0 are left for them", told);
        assertThrows(MalformedMessageException.class, () -> smalls.decode(ByteBuffer.allocate(7).putInt(3, -1)));
        assertThrows(MalformedMessageException.class, () -> smalls.decode(ByteBuffer.allocate(7).put(0, (byte) 2)));
    }

    @Test
    void shouldRefuseNullWhereverItIs() {
        Leg leg = new Leg(Side.BUY, 1, "x");
        assertEquals("component legs of Small is null, which cannot be sent", assertThrows(
                IllegalArgumentException.class, () -> smalls.size(new Small(Optional.empty(), null))).getMessage());
        assertEquals("component symbol of Leg is null, which cannot be sent", assertThrows(
                IllegalArgumentException.class, () -> smalls.size(new Small(Optional.empty(),
                        List.of(leg, new Leg(Side.BUY, 1, null))))).getMessage());
        assertEquals("element 1 of the list is null, which cannot be sent", assertThrows(
                IllegalArgumentException.class, () -> smalls.size(new Small(Optional.empty(),
                        Arrays.asList(leg, null)))).getMessage());
    }

    @Test
    void shouldRefuseRecordsWithoutAnEndAndElementsWithoutBytes() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Codec.ofRecord(Endless.class)).getMessage()
                .contains("contains itself"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Codec.ofRecord(Nothings.class)).getMessage()
                .contains("take no bytes"));
    }
}

package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.jvmipc.IpcException;
import org.jvmipc.SegmentCorruptedException;

/** The layout in memory is the one in the document, and nothing overlaps. */
class PoolLayoutTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Za-z_]+) \\| (\\d+) \\| (\\d+) \\|.*");
    /** Constants of the class that are no places. */
    private static final Set<String> NO_PLACES = Set.of("VERSION", "CLASSES_MAX", "ENTRY_SIZE", "DESCRIPTOR_SIZE",
            "PAGE", "BLOCKS_MAX", "BLOCK_BYTES_MAX");

    private record Row(String name, int first, int length) {
    }

    private static List<Row> rows() throws IOException {
        return FormatDocument.rows("pool.md", ROW).stream().map(row -> new Row(row.group(1),
                Integer.parseInt(row.group(2)), Integer.parseInt(row.group(3)))).toList();
    }

    @Test
    void shouldBeWhatTheDocumentSays() throws Exception {
        TreeMap<String, Integer> documented = new TreeMap<>();
        rows().stream().filter(row -> Character.isUpperCase(row.name().charAt(0)))
                .forEach(row -> documented.put(row.name(), row.first()));
        TreeMap<String, Integer> coded = new TreeMap<>();
        for (Field field : PoolLayout.class.getDeclaredFields()) {
            if (field.getType() == int.class && !NO_PLACES.contains(field.getName())) {
                field.setAccessible(true);
                coded.put(field.getName(), field.getInt(null));
            }
        }
        assertEquals(coded, documented);
    }

    @Test
    void shouldHaveFieldsThatDoNotOverlap() throws Exception {
        int end = 0;
        for (Row row : rows()) {
            if (row.first() == 0) {
                end = 0;
            }
            assertTrue(row.first() >= end, row + " begins before " + end);
            end = row.first() + row.length();
        }
        assertEquals(PoolLayout.CLASSES_MAX * PoolLayout.ENTRY_SIZE, 2048);
    }

    @Test
    void shouldPackWordsAndHandlesAsTheDocumentSays() throws Exception {
        List<Row> fields = rows().stream().filter(row -> Character.isLowerCase(row.name().charAt(0))).toList();
        assertEquals(List.of("state", "slot", "occupancy", "generation", "index", "generation", "mark"),
                fields.stream().map(Row::name).toList());
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            int slot = random.nextInt(64);
            long occupancy = random.nextLong();
            long generation = random.nextLong();
            long word = BlockState.inFlight(slot, occupancy, generation);
            long[] values = {BlockState.IN_FLIGHT, slot, occupancy, generation};
            int index = random.nextInt(1 << 24);
            long handle = BlockState.handle(index, generation);
            long[] parts = {index, generation, 5};
            assertEquals(packed(fields.subList(0, 4), values), word);
            assertEquals(packed(fields.subList(4, 7), parts), handle);
            assertEquals(slot, BlockState.slot(word));
            assertEquals(occupancy & BlockState.OCCUPANCY_MASK, BlockState.occupancy(word));
            assertEquals(generation & BlockState.GENERATION_MASK, BlockState.generation(word));
            assertEquals(index, BlockState.index(handle));
            assertEquals(generation & BlockState.GENERATION_MASK, BlockState.handleGeneration(handle));
            assertTrue(BlockState.isHandle(handle));
        }
        assertFalse(BlockState.isHandle(0));
    }

    private static long packed(List<Row> fields, long[] values) {
        long word = 0;
        for (int i = 0; i < values.length; i++) {
            Row field = fields.get(i);
            word |= (values[i] & -1L >>> 64 - field.length()) << field.first();
        }
        return word;
    }

    private static TreeMap<Integer, Integer> sizes(int... pairs) {
        TreeMap<Integer, Integer> sizes = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            sizes.put(pairs[i], pairs[i + 1]);
        }
        return sizes;
    }

    @Test
    void shouldGiveEachBlockAPlaceOfItsOwn() {
        PoolGeometry geometry = new PoolGeometry(sizes(1, 3, 128, 65, 129, 64, 5000, 1, 1 << 20, 130));
        assertEquals(263, geometry.blocks());
        long end = geometry.controlEnd();
        for (int i = 0; i < geometry.blocks(); i++) {
            PoolClass its = geometry.classOf(i);
            assertTrue(i >= its.first() && i < its.first() + its.count());
            assertTrue(geometry.data(i) >= end, "block " + i);
            assertEquals(0, geometry.data(i) % SegmentLayout.LINE);
            end = geometry.data(i) + its.bytes();
        }
        assertTrue(geometry.size() >= end);
        int bitmaps = PoolLayout.CONTROL;
        for (PoolClass its : geometry.classes()) {
            assertTrue(its.bitmap() >= bitmaps);
            bitmaps = its.bitmap() + its.words() * Long.BYTES;
            long bits = 0;
            for (int word = 0; word < its.words(); word++) {
                bits += Long.bitCount(its.mask(word));
            }
            assertEquals(its.count(), bits);
        }
        assertTrue(geometry.state(0) >= bitmaps);
        assertEquals(0, geometry.fitting(0));
        assertEquals(0, geometry.fitting(1));
        assertEquals(1, geometry.fitting(2));
        assertEquals(4, geometry.fitting(5001));
        assertEquals(5, geometry.fitting((1 << 20) + 1));
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertNull(PoolGeometry.objection(sizes(1, 1 << 24)));
        assertNull(PoolGeometry.objection(sizes(PoolLayout.BLOCK_BYTES_MAX, 1000)));
        assertNotNull(PoolGeometry.objection(sizes()));
        assertNotNull(PoolGeometry.objection(sizes(0, 1)));
        assertNotNull(PoolGeometry.objection(sizes(1, 0)));
        assertNotNull(PoolGeometry.objection(sizes(1, (1 << 24) + 1)));
        assertNotNull(PoolGeometry.objection(sizes(1, 1 << 23, 2, 1 << 23, 3, 1)));
        assertNotNull(PoolGeometry.objection(sizes(PoolLayout.BLOCK_BYTES_MAX, 1024)));
        assertNotNull(PoolGeometry.objection(sizes(PoolLayout.BLOCK_BYTES_MAX + 1, 1)));
        assertNotNull(PoolGeometry.objection(sizes(1, Integer.MAX_VALUE, 2, Integer.MAX_VALUE)));
    }

    /** Whatever one byte is changed to, the pool is the same or refused. */
    @Test
    void shouldRefuseAHeaderThatWasTamperedWith() {
        PoolGeometry geometry = new PoolGeometry(sizes(256, 3, 4096, 70));
        ByteBuffer header = ByteBuffer.allocate(PoolLayout.CONTROL).order(ByteOrder.nativeOrder());
        geometry.write(header);
        assertTrue(geometry.hasSizesOf(PoolGeometry.read(header, geometry.size(), "x")));
        assertThrows(SegmentCorruptedException.class, () -> PoolGeometry.read(header, geometry.size() - 1, "x"));
        int end = PoolLayout.CLASS_TABLE + 2 * PoolLayout.ENTRY_SIZE;
        int refused = 0;
        for (int i = 0; i < end; i++) {
            if (i >= PoolLayout.RELEASES && i < PoolLayout.CLASS_TABLE) {
                continue;
            }
            byte before = header.get(i);
            for (int flip : new int[] {1, 0x80, 0xff}) {
                header.put(i, (byte) (before ^ flip));
                assertThrows(IpcException.class, () -> PoolGeometry.read(header, geometry.size(), "x"));
                refused++;
            }
            header.put(i, before);
        }
        assertEquals(3 * 256, refused);
    }
}

package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The layout in memory is the one in the document. */
class SharedLayoutTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\| (\\d+) \\|.*");
    /** Constants of the class that are no places. */
    private static final Set<String> NO_PLACES = Set.of("KIND_MEMORY", "VERSION", "TYPE_MAX", "NAME_MAX", "WAIT_LINES",
            "SLOT_COUNT", "WAIT_SHIFT");

    private record Row(String name, int offset, int bytes) {
    }

    private static List<Row> rows() throws IOException {
        return FormatDocument.rows("segment.md", ROW).stream().map(row -> new Row(row.group(1),
                Integer.parseInt(row.group(2)), Integer.parseInt(row.group(3)))).toList();
    }

    @Test
    void shouldBeWhatTheDocumentSays() throws Exception {
        TreeMap<String, Integer> documented = new TreeMap<>();
        rows().forEach(row -> documented.put(row.name(), row.offset()));
        TreeMap<String, Integer> coded = new TreeMap<>();
        for (Field field : SharedLayout.class.getDeclaredFields()) {
            if (field.getType() == int.class && !NO_PLACES.contains(field.getName())) {
                field.setAccessible(true);
                coded.put(field.getName(), field.getInt(null));
            }
        }
        assertEquals(coded, documented);
    }

    @Test
    void shouldHaveFieldsThatDoNotOverlap() throws Exception {
        TreeMap<String, Integer> bytes = new TreeMap<>();
        int end = 0;
        for (Row row : rows()) {
            if (row.name().equals("WAIT_SEQUENCE")) {
                end = 0;
            }
            assertTrue(row.offset() >= end, row + " begins before " + end);
            end = row.offset() + row.bytes();
            bytes.put(row.name(), row.bytes());
        }
        assertTrue(end <= SegmentLayout.LINE);
        assertEquals(SharedLayout.TYPE_MAX, bytes.get("TYPE"));
        assertEquals(SharedLayout.NAME_MAX, bytes.get("NAME"));
        assertEquals(SharedLayout.WAIT_LINES * SegmentLayout.LINE, bytes.get("WAIT_TABLE"));
        assertEquals(SharedLayout.SLOT_COUNT * SegmentLayout.SLOT_SIZE, bytes.get("SLOTS"));
    }

    @Test
    void shouldFindTheLineOfAWordAsTheDocumentSays() {
        for (long offset : new long[] {0, 4, 8, 64, 1 << 20, (3L << 30) + 8}) {
            int line = (int) ((offset >> 3) * 0x9E3779B97F4A7C15L >>> 60);
            assertEquals(SharedLayout.WAIT_TABLE + 128 * line, SharedLayout.waitLine(offset));
        }
    }

    @Test
    void shouldDeriveKeysByFnv1a() {
        // The text hashed begins with the user's number, so the published values are checked on what comes before.
        assertEquals(0x811c9dc5, SysvBacking.fnv1a(""));
        assertEquals(0xe40c292c, SysvBacking.fnv1a("a"));
        assertEquals(0xbf9cf968, SysvBacking.fnv1a("foobar"));
    }
}

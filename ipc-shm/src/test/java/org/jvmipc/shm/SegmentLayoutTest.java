package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SegmentLayoutTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\| (\\d+) \\|.*");
    /** Constants of the class that are no places. */
    private static final Set<String> NO_PLACES = Set.of("VERSION", "KIND_SPSC", "KIND_DOOR", "KIND_MPSC",
            "KIND_BROADCAST", "KIND_LOSSY", "KIND_MPMC", "MAX_PLACES", "STATE_READY", "LINE",
            "SLOT_SIZE", "NAME_MAX", "LIFE_MAX", "OCCUPANCY_SHIFT", "RECORD_HEADER", "ALIGNMENT", "LARGEST_OVERHEAD");

    private record Row(String name, int offset, int bytes) {
    }

    private static final Set<String> NO_PLACES_OF_BROADCAST = Set.of("MARK_SIZE", "MARK_COUNT");

    private static List<Row> rows(String document) throws IOException {
        return FormatDocument.rows(document, ROW).stream().map(row -> new Row(row.group(1),
                Integer.parseInt(row.group(2)), Integer.parseInt(row.group(3)))).toList();
    }

    @Test
    void shouldBeWhatTheDocumentSays() throws Exception {
        compare("ring.md", SegmentLayout.class, NO_PLACES);
        compare("broadcast.md", BroadcastLayout.class, NO_PLACES_OF_BROADCAST);
    }

    private static void compare(String document, Class<?> layout, Set<String> noPlaces) throws Exception {
        TreeMap<String, Integer> documented = new TreeMap<>();
        rows(document).forEach(row -> documented.put(row.name(), row.offset()));
        TreeMap<String, Integer> coded = new TreeMap<>();
        for (Field field : layout.getDeclaredFields()) {
            if (field.getType() == int.class && !noPlaces.contains(field.getName())) {
                coded.put(field.getName(), field.getInt(null));
            }
        }
        assertEquals(coded, documented);
    }

    @Test
    void shouldLayOutSegmentsForSeveralAsTheDocumentsSay() {
        Geometry mpsc = new Geometry(SegmentLayout.KIND_MPSC, 8192, 40, 1);
        assertEquals(4096 + 40 * 256, mpsc.slot(Side.CONSUMER, 0));
        assertEquals(4096 + 3 * 4096, mpsc.headerBytes(), "41 slots fill 10,496 bytes");
        assertEquals(mpsc.headerBytes() + 39 * (4096 + 8192), mpsc.ring(39));
        assertEquals(mpsc.ring(39) + SegmentLayout.PRODUCER_SEQUENCE, mpsc.bell(Side.PRODUCER, 39));
        assertEquals(mpsc.ring(39) + 4096 + 8192, mpsc.fileSize());
        Geometry broadcast = new Geometry(SegmentLayout.KIND_LOSSY, 8192, 1, 33);
        assertEquals(4096 + 256, broadcast.slot(Side.CONSUMER, 0));
        assertEquals(broadcast.headerBytes() + 4096 + 8192, broadcast.readers());
        assertEquals(broadcast.readers() + 2 * 4096, broadcast.fileSize(), "33 lines fill 4,224 bytes");
        assertTrue(BroadcastLayout.MARKS + BroadcastLayout.MARK_SIZE * BroadcastLayout.MARK_COUNT <= 4096);
    }

    @Test
    void shouldHaveFieldsThatDoNotOverlap() throws Exception {
        boolean inSlot = false;
        int end = 0;
        for (Row row : rows("ring.md")) {
            if (row.name().equals("PRESENCE")) {
                inSlot = true;
                end = 0;
            }
            assertTrue(row.offset() >= end, row + " begins before " + end);
            end = row.offset() + row.bytes();
            assertTrue(!inSlot || end <= SegmentLayout.SLOT_SIZE, row + " does not fit into a slot");
        }
        assertEquals(SegmentLayout.NAME + SegmentLayout.NAME_MAX, SegmentLayout.LIFE_HOME);
        assertEquals(SegmentLayout.SLOT_SIZE, SegmentLayout.LIFE + SegmentLayout.LIFE_MAX);
    }

    @Test
    void shouldKeepTheWritersOnLinesOfTheirOwn() {
        int[] hot = {SegmentLayout.MAGIC, SegmentLayout.TAIL, SegmentLayout.HEAD, SegmentLayout.CONSUMER_SEQUENCE,
            SegmentLayout.PRODUCER_SEQUENCE, SegmentLayout.PRODUCER_SLOT, SegmentLayout.CONSUMER_SLOT,
            SegmentLayout.HEADER_SIZE};
        Set<Integer> lines = new TreeSet<>();
        for (int offset : hot) {
            assertTrue(lines.add(offset / SegmentLayout.LINE), "two share the line of " + offset);
        }
    }
}

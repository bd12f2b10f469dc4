package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SegmentLayoutTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\| (\\d+) \\|.*");
    /** Constants of the class that are no places. */
    private static final Set<String> NO_PLACES = Set.of("VERSION", "KIND_SPSC", "KIND_DOOR", "KIND_MPSC",
            "KIND_BROADCAST", "KIND_LOSSY", "MAX_PLACES", "STATE_READY", "LINE",
            "SLOT_SIZE", "NAME_MAX", "LIFE_MAX", "OCCUPANCY_SHIFT", "RECORD_HEADER", "ALIGNMENT", "LARGEST_OVERHEAD");

    private record Row(String name, int offset, int bytes) {
    }

    private static List<Row> rows() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/formats/ring.md"))) {
            root = root.getParent();
        }
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(root.resolve("docs/formats/ring.md"))) {
            Matcher matcher = ROW.matcher(line);
            if (matcher.matches()) {
                rows.add(new Row(matcher.group(1), Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3))));
            }
        }
        return rows;
    }

    @Test
    void shouldBeWhatTheDocumentSays() throws Exception {
        TreeMap<String, Integer> documented = new TreeMap<>();
        rows().forEach(row -> documented.put(row.name(), row.offset()));
        TreeMap<String, Integer> coded = new TreeMap<>();
        for (Field field : SegmentLayout.class.getDeclaredFields()) {
            if (field.getType() == int.class && !NO_PLACES.contains(field.getName())) {
                coded.put(field.getName(), field.getInt(null));
            }
        }
        assertEquals(coded, documented);
    }

    @Test
    void shouldHaveFieldsThatDoNotOverlap() throws Exception {
        boolean inSlot = false;
        int end = 0;
        for (Row row : rows()) {
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

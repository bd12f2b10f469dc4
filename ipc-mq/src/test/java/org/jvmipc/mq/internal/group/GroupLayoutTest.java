package org.jvmipc.mq.internal.group;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The layout in the file is the one in the document, and nothing overlaps. */
class GroupLayoutTest {
    private static final Pattern PLACE = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\| (\\d+|WINDOW [^|]*) \\|.*");
    private static final Pattern VALUE = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\| [^|]*\\|");
    /** Constants of the class that are no places, and in no table. */
    private static final Set<String> NOT_IN_TABLES = Set.of("VERSION", "STATE_READY", "DELIVERIES_SHIFT",
            "DELIVERIES_MAX", "OWNER_SHIFT", "MIN_WINDOW", "MAX_WINDOW", "LIFE_MAX", "IDENTITY_MAX");

    private static List<String> document() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/formats/group.md"))) {
            root = root.getParent();
        }
        return Files.readAllLines(root.resolve("docs/formats/group.md"));
    }

    @Test
    void shouldBeWhatTheDocumentSays() throws Exception {
        TreeMap<String, Integer> documented = new TreeMap<>();
        for (String line : document()) {
            Matcher place = PLACE.matcher(line);
            Matcher value = VALUE.matcher(line);
            if (place.matches()) {
                documented.put(place.group(1), Integer.parseInt(place.group(2)));
            } else if (value.matches()) {
                documented.put(value.group(1), Integer.parseInt(value.group(2)));
            }
        }
        TreeMap<String, Integer> coded = new TreeMap<>();
        for (Field field : GroupLayout.class.getDeclaredFields()) {
            if (field.getType() == int.class && !NOT_IN_TABLES.contains(field.getName())) {
                field.setAccessible(true);
                coded.put(field.getName(), field.getInt(null));
            }
        }
        assertEquals(coded, documented);
    }

    @Test
    void shouldHaveFieldsThatDoNotOverlap() throws Exception {
        List<String> seen = new ArrayList<>();
        int end = 0;
        for (String line : document()) {
            Matcher place = PLACE.matcher(line);
            if (place.matches()) {
                int first = Integer.parseInt(place.group(2));
                end = first == 0 ? 0 : end;
                assertTrue(first >= end, line + " begins before " + end);
                end = first + (place.group(3).startsWith("W") ? 0 : Integer.parseInt(place.group(3)));
                seen.add(place.group(1));
            }
        }
        assertTrue(seen.size() > 20, seen.toString());
        assertEquals(GroupLayout.MEMBER_COUNT * GroupLayout.MEMBER_SIZE, 30_720);
        assertEquals(GroupLayout.ENTRIES, GroupLayout.fileSize(0));
    }
}

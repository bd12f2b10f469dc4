package org.jvmipc.posix.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DoorbellsTest {

    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\| \\d+ \\|.*");

    @Test
    void layoutIsWhatTheDocumentSays() throws Exception {
        Map<String, Integer> documented = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/formats/doorbell.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                documented.put(row.group(1), Integer.parseInt(row.group(2)));
            }
        }
        assertEquals(Map.of("LAYOUT_VERSION", Doorbells.LAYOUT_VERSION, "GONE", Doorbells.GONE,
                "FIRST_BELL", Doorbells.LINE, "FILE_SIZE", Doorbells.SIZE), documented);
        assertTrue((Doorbells.COUNT + 1) * Doorbells.LINE <= Doorbells.SIZE);
    }

    @Test
    void whoSharesAWordHasHisBellRungToo() {
        assertEquals(0, Doorbells.merge(0, 0));
        assertEquals(3, Doorbells.merge(0, 3));
        assertEquals(3, Doorbells.merge(3, 0));
        assertEquals(3, Doorbells.merge(3, 3));
        assertEquals(Doorbells.ALL, Doorbells.merge(3, 4));
        assertEquals(Doorbells.ALL, Doorbells.merge(Doorbells.ALL, 4));
        assertTrue(Doorbells.own() >= 1 && Doorbells.own() <= Doorbells.COUNT);
    }
}

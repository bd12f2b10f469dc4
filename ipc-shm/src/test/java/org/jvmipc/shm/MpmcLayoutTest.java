package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MpmcLayoutTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\|.*");

    @Test
    void shouldBeWhatTheDocumentSays() throws Exception {
        TreeMap<String, Integer> documented = new TreeMap<>();
        FormatDocument.rows("mpmc.md", ROW)
                .forEach(row -> documented.put(row.group(1), Integer.parseInt(row.group(2))));
        TreeMap<String, Integer> coded = new TreeMap<>();
        for (Field field : MpmcLayout.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && !Modifier.isPrivate(field.getModifiers())) {
                coded.put(field.getName(), field.getInt(null));
            }
        }
        assertEquals(coded, documented);
    }

    /** As the table of the memory says: a line, lines of descriptors, headers, cells. */
    @ParameterizedTest
    @ValueSource(ints = {128, 4096, 1 << 20, 1 << 30})
    void shouldPutOneAfterTheOther(int capacity) {
        MpmcLayout layout = new MpmcLayout(8192, 5, 3, capacity);
        int cells = capacity / 64;
        assertEquals(8192, layout.skippedAt());
        assertEquals(8192 + 128, layout.descriptorAt(0, 0));
        assertEquals(8192 + 128 + 4 * 128 + 8, layout.descriptorAt(4, 1));
        assertEquals(8192 + 128 + 5 * 128, layout.headerAt(0));
        assertEquals(layout.headerAt(0) + 8 * (cells - 1), layout.headerAt(-128));
        assertEquals(layout.headerAt(0) + 8 * cells, layout.cellAt(0));
        assertEquals(layout.end(), layout.cellAt(-128) + 64);
        assertEquals(layout.cellAt(0), layout.cellAt(layout.lap()));
        assertTrue(layout.end() > 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 4096, 1 << 20, 1 << 30})
    void shouldTellLapsApart(int capacity) {
        MpmcLayout layout = new MpmcLayout(8192, 64, 63, capacity);
        for (long position : new long[] {0, 128, -128, 1L << 62, Long.MIN_VALUE}) {
            int length = layout.bytesToEnd(position) == capacity ? layout.maxMessage() : layout.bytesToEnd(position);
            long word = layout.word(position, MpmcLayout.TAKEN + 3, 62, length);
            assertTrue(layout.isOf(word, position));
            assertEquals(7, layout.state(word));
            assertEquals(62, layout.slot(word));
            assertEquals(length, layout.length(word));
            for (long laps : new long[] {1, -1, 1L << 54 - Integer.numberOfTrailingZeros(capacity)}) {
                assertFalse(layout.isOf(word, position + laps * layout.lap()));
            }
            assertFalse(layout.isOf(layout.with(word, 0, 0), position));
            assertEquals(layout.word(position, MpmcLayout.DONE, 1, length), layout.with(word, MpmcLayout.DONE, 1));
            assertEquals(word, layout.checked(word, position));
        }
    }
}

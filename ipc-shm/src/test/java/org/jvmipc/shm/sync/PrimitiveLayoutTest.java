package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.jvmipc.shm.FormatDocument;

class PrimitiveLayoutTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\|.*");
    private static final Pattern KIND = Pattern.compile("\\| `([a-z-]+)/1` \\| (\\d+) \\|.*");
    /** What is said in words. */
    private static final Set<String> IN_WORDS =
            Set.of("FLAGS", "BALANCE_COUNT", "PARTY_COUNT", "MEMBER_COUNT", "SLOT_SIZE", "DATA_MAX", "NULL");

    private static TreeSet<String> documented(Pattern row) throws Exception {
        TreeSet<String> rows = new TreeSet<>();
        FormatDocument.rows("primitives.md", row).forEach(each -> rows.add(each.group(1) + " " + each.group(2)));
        return rows;
    }

    @Test
    void shouldBeWhatTheDocumentSays() throws Exception {
        TreeSet<String> coded = new TreeSet<>();
        Class<?>[] types = {
            PermitLayout.class, BarrierLayout.class, ReferenceLayout.class, Opening.class, SharedEvent.class};
        for (Class<?> type : types) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && !Modifier.isPrivate(field.getModifiers())
                        && field.getType().isPrimitive() && !IN_WORDS.contains(field.getName())) {
                    coded.add(field.getName() + " " + ((Number) field.get(null)).longValue());
                }
            }
        }
        assertEquals(coded, documented(ROW));
    }

    @Test
    void shouldHaveTheKindsThatTheDocumentSays() throws Exception {
        TreeSet<String> coded = new TreeSet<>();
        for (SyncKind kind : SyncKind.values()) {
            // Locks and bankers have pages of their own.
            if (kind.code() >= SyncKind.SEMAPHORE.code() && kind != SyncKind.BANKER) {
                coded.add(kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + " " + kind.code());
            }
        }
        assertEquals(coded, documented(KIND));
    }

    @Test
    void shouldNotOverlap() {
        assertTrue(PermitLayout.MOVED_LOST + Long.BYTES <= PermitLayout.BALANCES);
        assertTrue(PermitLayout.BALANCES + PermitLayout.BALANCE_COUNT * Long.BYTES <= SyncLayout.OWN_END);
        assertTrue(BarrierLayout.DIED + Long.BYTES <= BarrierLayout.MEMBERS);
        assertTrue(BarrierLayout.MEMBERS + BarrierLayout.MEMBER_COUNT * Long.BYTES <= SyncLayout.OWN_END);
        assertTrue(BarrierLayout.PARTIES + BarrierLayout.PARTY_COUNT * Long.BYTES <= SyncLayout.RECORDS);
        assertEquals(SyncLayout.RECORDS, ReferenceLayout.SLOTS + 2 * ReferenceLayout.SLOT_SIZE);
        assertEquals(ReferenceLayout.SLOT_SIZE, ReferenceLayout.DATA + ReferenceLayout.DATA_MAX);
        assertEquals(ReferenceLayout.SLOTS, ReferenceLayout.slot(2));
        assertEquals(ReferenceLayout.SLOTS + ReferenceLayout.SLOT_SIZE, ReferenceLayout.slot(3));
    }
}

package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.jvmipc.shm.FormatDocument;

class SyncLayoutTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\|.*");
    /** What is said in words. */
    private static final Set<String> IN_WORDS = Set.of("MAGIC_BYTES", "VERSION", "LINE", "READER_COUNT", "NAME_COUNT",
            "NAME_SIZE", "NAME_MAX", "RECORD_COUNT", "RECORD_SIZE", "THREAD_NAME_MAX", "THREAD_MASK", "FLAGS",
            "ACQUIRERS", "CONDITIONS", "REQUESTS", "ARRIVALS", "ALL", "PURPOSE_MASK", "DETAIL_MASK");

    @Test
    void shouldBeWhatTheDocumentSays() throws Exception {
        TreeMap<String, Long> documented = new TreeMap<>();
        FormatDocument.rows("sync.md", ROW)
                .forEach(row -> documented.put(row.group(1), Long.parseLong(row.group(2))));
        TreeMap<String, Long> coded = new TreeMap<>();
        for (Class<?> type : new Class<?>[] {SyncLayout.class, LockState.class, WaitState.class, Owner.class}) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && !Modifier.isPrivate(field.getModifiers())
                        && !IN_WORDS.contains(field.getName())) {
                    coded.put(field.getName(), ((Number) field.get(null)).longValue());
                }
            }
        }
        assertEquals(coded, documented);
    }

    @Test
    void shouldNotOverlap() {
        assertTrue(SyncLayout.READERS + SyncLayout.READER_COUNT * Long.BYTES <= SyncLayout.OWN_END);
        assertEquals(SyncLayout.NAMES, SyncLayout.OWN_END);
        assertTrue(SyncLayout.NAMES + SyncLayout.NAME_COUNT * SyncLayout.NAME_SIZE <= SyncLayout.READ_NOTES);
        assertEquals(SyncLayout.RECORDS, ReadNotes.offset(ReadNotes.COUNT));
        assertTrue(BankerLayout.TOTALS + BankerLayout.TYPE_MAX * Long.BYTES <= BankerLayout.ROWS);
        assertTrue(BankerLayout.ROWS + BankerLayout.ROW_COUNT * BankerLayout.ROW_SIZE <= SyncLayout.RECORDS);
        assertEquals(BankerLayout.HELD, BankerLayout.CLAIM + BankerLayout.TYPE_MAX * Long.BYTES);
        assertEquals(BankerLayout.ROW_SIZE, BankerLayout.HELD + BankerLayout.TYPE_MAX * Long.BYTES);
        assertEquals(SyncLayout.NAME_SIZE, SyncLayout.NAME_TEXT + SyncLayout.NAME_MAX);
        assertEquals(SyncLayout.RECORD_SIZE, SyncLayout.THREAD_NAME + SyncLayout.THREAD_NAME_MAX);
        assertEquals(SyncLayout.SIZE, SyncLayout.record(SyncLayout.RECORD_COUNT));
    }

    @Test
    void shouldKeepTheFieldsOfWordsApart() {
        long owner = Owner.of(0xFEDCBA98L << Owner.PARTICIPANT_SHIFT, Thread.currentThread());
        assertEquals(0xFEDCBA98, Owner.participant(owner));
        assertEquals(Thread.currentThread().getId() & Owner.THREAD_MASK, Owner.thread(owner));
        assertEquals(0, owner & Owner.FLAGS);
        long flags = LockState.CONTENDED | LockState.INCONSISTENT | LockState.UNRECOVERABLE | LockState.DRAINING;
        assertEquals(Owner.FLAGS, flags);
        assertEquals(owner, LockState.owner(owner | flags));
        assertFalse(LockState.isHeld(flags));
        long state = WaitState.of(WaitState.CONDITION, 255, (1L << 48) - 1) | WaitState.SIGNALLED;
        assertEquals(WaitState.CONDITION, WaitState.purpose(state));
        assertEquals(255, WaitState.detail(state));
        assertEquals((1L << 48) - 1, WaitState.ticket(state));
        assertTrue(WaitState.isSignalled(state));
        assertTrue(WaitState.isOf(state, WaitState.CONDITIONS));
        assertFalse(WaitState.isOf(state, WaitState.ACQUIRERS));
        assertFalse(WaitState.isOf(0, WaitState.ALL));
    }
}

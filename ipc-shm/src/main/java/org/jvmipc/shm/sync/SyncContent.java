package org.jvmipc.shm.sync;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jvmipc.shm.SegmentContent;
import org.jvmipc.shm.SegmentView;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Condition;
import org.jvmipc.spi.InspectedPeer;

/** Tells tools what processes synchronize by: who holds, who waits, how much is left. */
public final class SyncContent implements SegmentContent {
    private static final byte DELETE = 0x7f;

    /** For {@link java.util.ServiceLoader}. */
    public SyncContent() {
    }

    @Override
    public boolean knows(String type) {
        return known(type) != null;
    }

    private static SyncKind known(String type) {
        for (SyncKind kind : SyncKind.values()) {
            if (kind.type().equals(type)) {
                return kind;
            }
        }
        return null;
    }

    @Override
    public String kind(String type) {
        SyncKind kind = known(type);
        return kind == null ? type : kind.title();
    }

    @Override
    public String needed(SegmentView segment) {
        ByteBuffer memory = segment.memory();
        SyncKind kind = known(segment.type());
        return memory.limit() >= SyncLayout.SIZE && kind != null && kind.isLock()
                && LockState.isToBeTold(memory.getLong(SyncLayout.WORD))
                ? "its holder died, and whoever takes it next is to be told; name it to remove it" : "";
    }

    @Override
    public void describe(SegmentView segment, Inspected into) {
        ByteBuffer memory = segment.memory();
        SyncKind kind = known(segment.type());
        byte[] magic = new byte[SyncLayout.MAGIC_BYTES.length];
        if (memory.limit() < SyncLayout.SIZE || memory.get(SyncLayout.MAGIC, magic) == null
                || !Arrays.equals(magic, SyncLayout.MAGIC_BYTES)
                || memory.getInt(SyncLayout.KIND) != kind.code()) {
            into.condition(Condition.DAMAGED, "its memory is not that of a " + segment.type());
            return;
        }
        if (memory.getInt(SyncLayout.FAIR) != 0) {
            into.detail("fair", true);
        }
        long word = memory.getLong(SyncLayout.WORD);
        switch (kind) {
            case LOCK, REENTRANT_LOCK, MONITOR -> lock(segment, memory, word, into);
            case READ_WRITE_LOCK -> readWriteLock(segment, memory, word, into);
            case SEMAPHORE -> semaphore(segment, memory, word, into);
            case BARRIER -> barrier(memory, into);
            case EVENT -> into.detail("set", memory.getLong(SyncLayout.PARAMETER) != 0
                    ? word >>> PermitLayout.PERMITS_SHIFT != 0 : (word & SharedEvent.SET) != 0);
            case COUNT_DOWN_LATCH -> into.detail("count",
                    Math.max(0, memory.getLong(SyncLayout.PARAMETER) - (word >>> PermitLayout.PERMITS_SHIFT)));
            case ATOMIC_LONG -> into.detail("value", memory.getLong(SyncLayout.PARAMETER));
            case ATOMIC_BOOLEAN -> into.detail("value", memory.getLong(SyncLayout.PARAMETER) != 0);
            case ATOMIC_REFERENCE -> into.detail("version", memory.getLong(ReferenceLayout.VERSION));
            case BANKER -> banker(segment, memory, word, into);
            default -> into.detail("word", Long.toHexString(word));
        }
        List<InspectedPeer> waiters = waiters(segment, memory);
        into.detail("waiters", waiters.size());
        for (InspectedPeer waiter : waiters) {
            into.peer(waiter);
        }
    }

    private static void lock(SegmentView segment, ByteBuffer memory, long word, Inspected into) {
        into.detail("state", LockState.state(word).name().toLowerCase(Locale.ROOT));
        if (LockState.isHeld(word)) {
            long owner = LockState.owner(word);
            long since = memory.getLong(SyncLayout.HELD_SINCE);
            long held = since > 0 && LockState.has(word, LockState.CONTENDED | LockState.DRAINING)
                    ? Math.max(0, System.currentTimeMillis() - since) : -1;
            long holds = Math.max(1, memory.getLong(SyncLayout.HOLDS));
            into.peer(segment.inspected(Owner.participant(owner), "holder", Owner.thread(owner), held,
                    holds > 1 ? holds + " times" : ""));
        }
    }

    private static void readWriteLock(SegmentView segment, ByteBuffer memory, long word, Inspected into) {
        boolean writes = LockState.isHeld(word) && !LockState.has(word, LockState.DRAINING);
        if (writes) {
            lock(segment, memory, word, into);
            return;
        }
        into.detail("state", LockState.state(word).name().toLowerCase(Locale.ROOT));
        for (int i = 0; i < SyncLayout.READER_COUNT; i++) {
            long reader = memory.getLong(SyncLayout.READERS + i * Long.BYTES);
            if ((int) reader > 0) {
                List<Long> threads = noted(memory, reader);
                for (long thread : threads) {
                    into.peer(segment.inspected(Owner.participant(reader), "holder", thread, -1, "reads"));
                }
                if (threads.isEmpty()) {
                    into.peer(segment.inspected(Owner.participant(reader), "holder", -1, -1,
                            "reads" + ((int) reader > 1 ? ", " + (int) reader + " times" : "")));
                }
            }
        }
    }

    private static List<Long> noted(ByteBuffer memory, long reader) {
        List<Long> threads = new ArrayList<>();
        for (int i = 0; i < ReadNotes.COUNT; i++) {
            long note = memory.getLong(ReadNotes.offset(i));
            if (note != 0 && Owner.participant(note) == Owner.participant(reader)) {
                threads.add(Owner.thread(note));
            }
        }
        return threads;
    }

    private static long permits(ByteBuffer memory, long word) {
        return (int) ((word >>> PermitLayout.PERMITS_SHIFT) + memory.getLong(SyncLayout.PARAMETER));
    }

    private static void semaphore(SegmentView segment, ByteBuffer memory, long word, Inspected into) {
        into.detail("permits", permits(memory, word));
        for (int i = 0; i < PermitLayout.BALANCE_COUNT; i++) {
            long balance = memory.getLong(PermitLayout.BALANCES + i * Long.BYTES);
            if ((int) balance > 0) {
                into.peer(segment.inspected(Owner.participant(balance), "holder", -1, -1, (int) balance + " permits"));
            }
        }
        if (memory.getLong(PermitLayout.LOST) > 0) {
            into.detail("permits of the dead", memory.getLong(PermitLayout.LOST));
        }
    }

    private static void barrier(ByteBuffer memory, Inspected into) {
        long arrived = 0;
        for (int i = 0; i < BarrierLayout.PARTY_COUNT; i++) {
            long party = memory.getLong(BarrierLayout.PARTIES + i * Long.BYTES);
            arrived += party != 0 && (party & Owner.FLAGS) == BarrierLayout.ARRIVED ? 1 : 0;
        }
        into.detail("parties", memory.getLong(SyncLayout.PARAMETER));
        into.detail("arrived", arrived);
        into.detail("broken", memory.getLong(BarrierLayout.BROKEN) != 0);
    }

    private static void banker(SegmentView segment, ByteBuffer memory, long word, Inspected into) {
        lock(segment, memory, word, into);
        int types = (int) Math.max(0, Math.min(memory.getLong(BankerLayout.TYPES), BankerLayout.TYPE_MAX));
        into.detail("resources", numbers(memory, BankerLayout.TOTALS, types));
        for (int i = 0; i < BankerLayout.ROW_COUNT; i++) {
            int row = BankerLayout.ROWS + i * BankerLayout.ROW_SIZE;
            long customer = memory.getLong(row + BankerLayout.CUSTOMER);
            if (customer != 0) {
                into.peer(segment.inspected(Owner.participant(customer), "customer", -1, -1, "holds "
                        + numbers(memory, row + BankerLayout.HELD, types) + " of a claim of "
                        + numbers(memory, row + BankerLayout.CLAIM, types)));
            }
        }
    }

    private static String numbers(ByteBuffer memory, int at, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(memory.getLong(at + i * Long.BYTES));
        }
        return text.toString();
    }

    /** First come first. */
    private static List<InspectedPeer> waiters(SegmentView segment, ByteBuffer memory) {
        List<Integer> records = new ArrayList<>();
        for (int i = 0; i < SyncLayout.RECORD_COUNT; i++) {
            int base = SyncLayout.record(i);
            if (memory.getLong(base + SyncLayout.OWNER) != 0
                    && WaitState.purpose(memory.getLong(base + SyncLayout.STATE)) != 0) {
                int place = records.size();
                while (place > 0 && ticket(memory, records.get(place - 1)) > ticket(memory, base)) {
                    place--;
                }
                records.add(place, base);
            }
        }
        List<InspectedPeer> waiters = new ArrayList<>();
        for (int base : records) {
            long owner = memory.getLong(base + SyncLayout.OWNER);
            long state = memory.getLong(base + SyncLayout.STATE);
            boolean got = LockState.owner(memory.getLong(SyncLayout.WORD)) == owner;
            if (!got || LockState.has(memory.getLong(SyncLayout.WORD), LockState.DRAINING)) {
                long waited = Math.max(0, System.currentTimeMillis() - memory.getLong(base + SyncLayout.SINCE));
                waiters.add(segment.inspected(Owner.participant(owner), role(state), Owner.thread(owner), waited,
                        threadName(memory, base)));
            }
        }
        return waiters;
    }

    private static long ticket(ByteBuffer memory, int base) {
        return WaitState.ticket(memory.getLong(base + SyncLayout.STATE));
    }

    /** Who waits at a condition waits for nobody in particular. */
    private static String role(long state) {
        return switch (WaitState.purpose(state)) {
            case WaitState.CONDITION -> "waits at a condition";
            case WaitState.ARRIVAL -> "has arrived";
            case WaitState.SHARED -> "waiter to read";
            default -> "waiter";
        };
    }

    private static String threadName(ByteBuffer memory, int base) {
        int length = Math.max(0, Math.min(memory.getInt(base + SyncLayout.THREAD_NAME_LENGTH),
                SyncLayout.THREAD_NAME_MAX));
        byte[] name = new byte[length];
        memory.get(base + SyncLayout.THREAD_NAME, name);
        for (int i = 0; i < length; i++) {
            name[i] = name[i] >= 0 && name[i] < ' ' || name[i] == DELETE ? (byte) '?' : name[i];
        }
        return new String(name, StandardCharsets.UTF_8);
    }
}

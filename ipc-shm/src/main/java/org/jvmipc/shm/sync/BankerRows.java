package org.jvmipc.shm.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jvmipc.IncompatibleChannelException;

/**
 * Who has claimed and holds what of a {@link Banker}. Everything is read and written under its mutex. Only a customer
 * itself writes what it claims and holds, and what is free is never written but counted, so a customer that dies in the
 * middle leaves nothing half done: its row is void.
 */
final class BankerRows {
    private final SyncMemory memory;
    private final long[] total;
    private final int own;

    /**
     * A row in use.
     *
     * @param base its offset
     * @param customer the participant, as in an {@link Owner}
     * @param claim what it may want at most
     * @param held what it has
     */
    record Row(int base, long customer, long[] claim, long[] held) {
    }

    BankerRows(SyncMemory memory, long[] total) {
        this.memory = memory;
        this.total = total;
        this.own = BankerLayout.ROWS + memory.place() * BankerLayout.ROW_SIZE;
    }

    /** Writes what there is, if nobody has, and compares it. */
    void agree() {
        if (memory.get(BankerLayout.TYPES) == 0) {
            put(BankerLayout.TOTALS, total);
            memory.set(BankerLayout.TYPES, total.length);
        }
        long[] found = get(BankerLayout.TOTALS);
        long types = memory.get(BankerLayout.TYPES);
        if (types != total.length || !Arrays.equals(found, total)) {
            throw new IncompatibleChannelException(memory.name() + " has "
                    + (types == total.length ? "" : types + " types of resources, of the first ")
                    + Arrays.toString(found) + ", wanted are " + Arrays.toString(total)
                    + "; give the same everywhere");
        }
    }

    private long[] get(int offset) {
        long[] numbers = new long[total.length];
        for (int type = 0; type < numbers.length; type++) {
            numbers[type] = memory.get(offset + type * Long.BYTES);
        }
        return numbers;
    }

    private void put(int offset, long[] numbers) {
        for (int type = 0; type < numbers.length; type++) {
            memory.set(offset + type * Long.BYTES, numbers[type]);
        }
    }

    private boolean isOwn() {
        return memory.get(own + BankerLayout.CUSTOMER) == memory.participantBits();
    }

    /** What this participant has claimed; null if nothing. */
    long[] claim() {
        return isOwn() ? get(own + BankerLayout.CLAIM) : null;
    }

    /** What this participant holds. */
    long[] held() {
        return isOwn() ? get(own + BankerLayout.HELD) : new long[total.length];
    }

    /** Without the mutex, as only this participant writes it: whether it holds something. */
    boolean holdsAny() {
        return Arrays.stream(held()).anyMatch(count -> count != 0);
    }

    void setClaim(long[] claim) {
        if (!isOwn()) {
            memory.set(own + BankerLayout.CUSTOMER, 0);
            put(own + BankerLayout.HELD, new long[total.length]);
            put(own + BankerLayout.CLAIM, claim);
            memory.set(own + BankerLayout.CUSTOMER, memory.participantBits());
        } else {
            put(own + BankerLayout.CLAIM, claim);
        }
    }

    void setHeld(long[] held) {
        put(own + BankerLayout.HELD, held);
    }

    List<Row> all() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < BankerLayout.ROW_COUNT; i++) {
            int base = BankerLayout.ROWS + i * BankerLayout.ROW_SIZE;
            long customer = memory.get(base + BankerLayout.CUSTOMER);
            if (customer != 0) {
                rows.add(new Row(base, customer, get(base + BankerLayout.CLAIM), get(base + BankerLayout.HELD)));
            }
        }
        return rows;
    }

    /** Takes out the rows of those who are gone; whether there were any. */
    boolean removeDead() {
        boolean any = false;
        for (Row row : all()) {
            if (!memory.isOwn(row.customer()) && memory.isGone(row.customer())) {
                memory.set(row.base() + BankerLayout.CUSTOMER, 0);
                any = true;
            }
        }
        return any;
    }

    /** An order in which all can be served, as if this participant held so much; null if there is none. */
    int[] safeOrder(List<Row> rows, long[] heldByThis) {
        long[][] claims = new long[rows.size()][];
        long[][] helds = new long[rows.size()][];
        for (int i = 0; i < claims.length; i++) {
            Row row = rows.get(i);
            claims[i] = row.claim();
            helds[i] = row.base() == own && isOwn() ? heldByThis : row.held();
        }
        return SafeOrder.find(total, claims, helds);
    }

    /** What nobody holds. */
    long[] free() {
        return SafeOrder.free(total, all().stream().map(Row::held).toArray(long[][]::new));
    }
}

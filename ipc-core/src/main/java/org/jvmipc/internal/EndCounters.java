package org.jvmipc.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.spi.CounterStore;
import org.jvmipc.spi.Counting;

/**
 * The counters of one end, in memory that others may read. How many messages and bytes went through is counted by the
 * end itself and told from time to time, by one writer at a time (the end's guard, or its one thread); the rest happens
 * where time is lost anyway, may be counted by several threads, and is added atomically.
 */
public final class EndCounters {
    private static final VarHandle LONGS =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    /** Of ends that nobody closed and nobody knows any more, nothing is left here. */
    private static final Set<EndCounters> OPEN = Collections.newSetFromMap(new WeakHashMap<>());
    private static final AtomicLong LAST_NUMBER = new AtomicLong();
    /** Of such ends others take the memory over. Looked at when an end is opened, so that no thread has to wait. */
    private static final ReferenceQueue<EndCounters> LOST = new ReferenceQueue<>();
    private static final Set<Watch> WATCHES = ConcurrentHashMap.newKeySet();

    /** Gives the memory of an end back that nobody knows any more. */
    private static final class Watch extends PhantomReference<EndCounters> {
        private final CounterStore.Slot slot;

        Watch(EndCounters end, CounterStore.Slot slot) {
            super(end, LOST);
            this.slot = slot;
        }
    }

    /** What the end has counted; any thread may ask. */
    interface Totals {
        long messages();

        long bytes();
    }

    private final String address;
    private final ChannelStats.End end;
    private final long number = LAST_NUMBER.incrementAndGet();
    private volatile Totals totals;
    private final Instant opened = Instant.now();
    private final CounterStore.Slot slot;
    private final Watch watch;
    private final ByteBuffer words;
    private volatile boolean closed;

    EndCounters(String address, ChannelStats.End end) {
        this.address = address;
        this.end = end;
        giveBackLost();
        this.slot = Stores.open(address, end, number);
        this.watch = slot == null ? null : new Watch(this, slot);
        this.words = slot != null ? slot.counters() : ByteBuffer.allocateDirect(CounterStore.COUNTER_BYTES);
        if (watch != null) {
            WATCHES.add(watch);
        }
    }

    private static void giveBackLost() {
        for (Reference<?> lost = LOST.poll(); lost != null; lost = LOST.poll()) {
            Watch watch = (Watch) lost;
            if (WATCHES.remove(watch)) {
                watch.slot.close();
            }
        }
    }

    /** From now on the end can be asked. */
    void begin(Totals counted) {
        totals = counted;
        if (Counting.ON) {
            synchronized (OPEN) {
                OPEN.add(this);
            }
        }
    }

    /**
     * The ends that are open in this process.
     *
     * @return a copy of the list
     */
    public static List<EndCounters> open() {
        synchronized (OPEN) {
            return new ArrayList<>(OPEN);
        }
    }

    String address() {
        return address;
    }

    boolean sends() {
        return end == ChannelStats.End.SENDER;
    }

    /** Tells others how many messages and bytes have gone through so far; by one thread at a time. */
    void tell() {
        if (closed) {
            return;
        }
        LONGS.setOpaque(words, CounterStore.MESSAGES, totals.messages());
        LONGS.setOpaque(words, CounterStore.BYTES, totals.bytes());
        // Nobody else has the memory yet.
        Reference.reachabilityFence(this);
    }

    void dropped(long messages) {
        if (closed) {
            return;
        }
        LONGS.setOpaque(words, CounterStore.DROPPED, messages);
    }

    /** Counts one more; by any thread. */
    void count(int counter) {
        if (closed) {
            return;
        }
        LONGS.getAndAdd(words, counter, 1L);
    }

    /** Tells since when a call has been waiting, in milliseconds since 1970; the first of several stands. */
    void mark(long since) {
        if (closed) {
            return;
        }
        LONGS.compareAndSet(words, CounterStore.WAITING_SINCE, 0L, since);
    }

    /** The call that waited since then does not any more. */
    void unmark(long since) {
        LONGS.compareAndSet(words, CounterStore.WAITING_SINCE, since, 0L);
    }

    void close() {
        synchronized (OPEN) {
            OPEN.remove(this);
        }
        closed = true;
        if (watch != null && WATCHES.remove(watch)) {
            watch.clear();
            slot.close();
        }
        Reference.reachabilityFence(this);
    }

    /**
     * Reads them.
     *
     * @return what they are now
     */
    public ChannelStats stats() {
        long since = get(CounterStore.WAITING_SINCE);
        return new ChannelStats(address, end, number, opened, !closed, totals.messages(), totals.bytes(),
                get(CounterStore.WAITS), get(CounterStore.WAKE_UPS), get(CounterStore.DROPPED),
                get(CounterStore.FAILURES), since == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(since)));
    }

    private long get(int counter) {
        return (long) LONGS.getOpaque(words, counter);
    }
}

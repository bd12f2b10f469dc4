package org.jvmipc.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.SelectCase;
import org.jvmipc.WaitStrategy;
import org.jvmipc.spi.Waiter;

/**
 * The cases of a select, and the loop of the thread that waits for them: attempt what may be ready, arm the rest, park
 * until one calls back.
 */
public final class Selection {
    private static final Waiter WAITER = new Waiter(WaitStrategy.ADAPTIVE);

    /** Of how many channels the peers are looked after at a time: enough to notice deaths, and little for idle ones. */
    private static final int LOOKED_AFTER = 4;

    private final boolean fair;
    private final List<SelectEntry<?>> entries = new CopyOnWriteArrayList<>();
    private final SelectBell bell = new SelectBell(entries);
    private final AtomicReference<Thread> waiting = new AtomicReference<>();
    private volatile boolean closed;
    private int next;
    private int nextIdle;
    private long lastIdle = System.nanoTime();

    /**
     * Creates a select without cases.
     *
     * @param fair whether those that are ready take turns; otherwise the one that was registered first comes first
     */
    public Selection(boolean fair) {
        this.fair = fair;
    }

    /** Registers a case. */
    <T> SelectCase<T> add(Object key, SelectSource<T> source) {
        checkOpen();
        SelectEntry<T> entry = new SelectEntry<>(this, key, source);
        entries.add(entry);
        entry.begin();
        if (closed) {
            entry.close();
            checkOpen();
        }
        bell.ring();
        return entry;
    }

    void remove(SelectEntry<?> entry) {
        entries.remove(entry);
        bell.ring();
    }

    void wake() {
        bell.ring();
    }

    /**
     * How many cases there are.
     *
     * @return their number
     */
    public int size() {
        return entries.size();
    }

    /**
     * Whether it was closed.
     *
     * @return true if so
     */
    public boolean isClosed() {
        return closed;
    }

    /** Throws if it was closed. */
    public void checkOpen() {
        if (closed) {
            throw new ChannelClosedException("the select was closed");
        }
    }

    /**
     * Waits until a case is ready and takes what it gives.
     *
     * @param deadline until when
     * @return the case, which is to be reported; null if the deadline has passed, the select was closed, or there is no
     *     case left to wait for
     * @throws InterruptedException if the thread is interrupted; nothing was taken
     */
    public SelectEntry<?> await(long deadline) throws InterruptedException {
        enter();
        try {
            return awaitAlone(deadline);
        } finally {
            waiting.set(null);
        }
    }

    private void enter() {
        if (!waiting.compareAndSet(null, Thread.currentThread())) {
            throw new IllegalStateException("another thread waits in this select: " + waiting.get()
                    + "; give each thread a select of its own");
        }
    }

    private SelectEntry<?> awaitAlone(long deadline) throws InterruptedException {
        bell.maySpin(true);
        // Also if it never has to wait, as one of many channels is busy.
        idle();
        boolean all = false;
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (closed) {
                return null;
            }
            bell.reset();
            SelectEntry<?> chosen = choose(all);
            if (chosen != null) {
                return chosen;
            }
            boolean last = deadline != Long.MAX_VALUE && deadline - System.nanoTime() <= 0;
            if (last && all || nothingLeft()) {
                return null;
            }
            // Before it says that nothing is ready, it looks at all, as call-backs may be on their way.
            all = last;
            if (!last) {
                WAITER.await(bell, earliest(deadline));
                bell.maySpin(false);
                idle();
            }
        }
    }

    /** Looks after the peers of some channels if it is time, one after the other, and has them attempted. */
    private void idle() {
        long now = System.nanoTime();
        if (now - lastIdle < Waiter.SLICE_NANOS) {
            return;
        }
        lastIdle = now;
        Object[] all = entries.toArray();
        for (int i = 0; i < Math.min(all.length, LOOKED_AFTER); i++) {
            nextIdle = nextIdle + 1 < all.length ? nextIdle + 1 : 0;
            ((SelectEntry<?>) all[nextIdle]).idle();
        }
    }

    private boolean nothingLeft() {
        for (SelectEntry<?> entry : entries) {
            if (!entry.isExcluded()) {
                return false;
            }
        }
        return true;
    }

    private long earliest(long deadline) {
        long now = System.nanoTime();
        long left = deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - now;
        for (SelectEntry<?> entry : entries) {
            long due = entry.due();
            if (due != Long.MAX_VALUE) {
                left = Math.min(left, due - now);
            }
        }
        // Not in the past: that would mean not to wait, nor to arm.
        return left == Long.MAX_VALUE ? left : now + Math.max(left, 0);
    }

    private SelectEntry<?> choose(boolean all) {
        Object[] round = entries.toArray();
        int start = fair && next < round.length ? next : 0;
        long now = System.nanoTime();
        for (int i = 0; i < round.length; i++) {
            int at = start + i < round.length ? start + i : start + i - round.length;
            SelectEntry<?> entry = (SelectEntry<?>) round[at];
            if (!entry.isExcluded() && entry.isActive() && (all || entry.mayBeReady(now)) && entry.attempt()) {
                // A case that is over has left its place to the next one.
                next = entry.isActive() ? at + 1 : at;
                return entry;
            }
        }
        return null;
    }

    /**
     * Takes what another case gives that is ready, without waiting.
     *
     * @return the case, which is to be reported; null if none is
     */
    public SelectEntry<?> ready() {
        enter();
        try {
            return closed ? null : choose(false);
        } finally {
            waiting.set(null);
        }
    }

    /**
     * Leaves a case alone until {@link #includeAll}.
     *
     * @param entry the case
     */
    public void exclude(SelectEntry<?> entry) {
        entry.exclude(true);
    }

    /** Lets all cases take part again. */
    public void includeAll() {
        for (SelectEntry<?> entry : entries) {
            entry.exclude(false);
        }
        bell.ring();
    }

    /** Ends all cases, and the waiting of a thread. */
    public void close() {
        closed = true;
        for (SelectEntry<?> entry : entries) {
            entry.close();
        }
        bell.ring();
    }
}

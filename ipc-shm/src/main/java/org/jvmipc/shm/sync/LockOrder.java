package org.jvmipc.shm.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;

/**
 * An order in which locks are taken, so that there can be no deadlock: each lock gets a rank, and a thread that holds
 * one may wait only for those of higher ranks (J. W. Havender, "Avoiding Deadlock in Multitasking Systems", 1968). If
 * all processes rank the same locks alike, and take them by this, no cycle of them can close.
 *
 * <pre>{@code
 * LockOrder order = new LockOrder();
 * Lock accounts = order.rank(10, "accounts", SharedLock.named("accounts"));
 * Lock journal = order.rank(20, "journal", SharedReentrantLock.named("journal"));
 * }</pre>
 *
 * <p>A lock out of order is refused with {@link LockOrderException} at once, whether it is free or not, so the mistake
 * is found the first time that the code runs and not when two processes meet. Taking the same lock again is left to the
 * lock; its read and write lock are two, and may have one rank only if no thread holds both. {@code tryLock()} without
 * a time waits for nobody, so it is not refused, but what it took counts. The same holds for the locks' conditions: who
 * waits at one takes its lock again, so it must hold no lock of a higher rank.
 *
 * <p>What a thread takes by the locks themselves, or by another order, is not seen. The locks that {@link #rank}
 * returns cost a stack walk of a frame or two each time they are taken. All methods may be called from any thread.
 */
public final class LockOrder {
    private static final StackWalker WALKER = StackWalker.getInstance();

    private final ThreadLocal<List<Held>> held = ThreadLocal.withInitial(ArrayList::new);

    /** A lock that the thread holds, how often, and where it took it first. */
    private static final class Held {
        private final OrderedLock lock;
        private final StackTraceElement place;
        private int holds = 1;

        Held(OrderedLock lock, StackTraceElement place) {
            this.lock = lock;
            this.place = place;
        }
    }

    /** Makes an order without locks. */
    public LockOrder() {
        // Nothing is held.
    }

    /**
     * Gives a lock its rank.
     *
     * @param rank when it is taken: after those of lower ranks; of one rank a thread holds one at a time
     * @param name for messages
     * @param lock any lock
     * @return the same lock, which refuses to be taken out of order
     */
    public Lock rank(int rank, String name, Lock lock) {
        return new OrderedLock(this, rank, Objects.requireNonNull(name, "name"), Objects.requireNonNull(lock, "lock"));
    }

    /** The line of code that called. */
    private static StackTraceElement caller() {
        return WALKER.walk(frames -> frames.filter(LockOrder::isOutside).findFirst()
                .map(StackWalker.StackFrame::toStackTraceElement)
                .orElseGet(() -> new StackTraceElement("?", "?", null, -1)));
    }

    private static boolean isOutside(StackWalker.StackFrame frame) {
        String name = frame.getClassName();
        return !name.equals(LockOrder.class.getName()) && !name.startsWith(OrderedLock.class.getName());
    }

    private static Held find(List<Held> all, OrderedLock lock) {
        for (Held each : all) {
            if (each.lock == lock) {
                return each;
            }
        }
        return null;
    }

    /**
     * Refuses to wait for a lock that is out of order.
     *
     * @param again whether the thread holds it and takes it again after giving it back
     */
    void check(OrderedLock wanted, boolean again) {
        List<Held> all = held.get();
        if (!again && find(all, wanted) != null) {
            return;
        }
        for (Held each : all) {
            if (each.lock != wanted && each.lock.rank() >= wanted.rank()) {
                StackTraceElement here = caller();
                throw new LockOrderException(wanted + " was wanted at " + here + ", but the thread holds " + each.lock
                        + ", taken at " + each.place
                        + "; take those of lower ranks first, and of one rank one at a time",
                        each.place, here);
            }
        }
    }

    void taken(OrderedLock lock) {
        List<Held> all = held.get();
        Held before = find(all, lock);
        if (before == null) {
            all.add(new Held(lock, caller()));
        } else {
            before.holds++;
        }
    }

    void givenBack(OrderedLock lock) {
        List<Held> all = held.get();
        Held before = find(all, lock);
        if (before != null && --before.holds == 0) {
            all.remove(before);
        }
    }
}

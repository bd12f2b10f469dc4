package org.jvmipc.shm.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jvmipc.PeerInfo;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;
import org.jvmipc.spi.Waiter;

/**
 * Resources of some types, of each of which there are so many, lent to processes so that they cannot get into a
 * deadlock: each says first how much it may want at most, and gets what it requests only if all could still be served
 * to the end afterwards, in some order, even if all wanted their most (the banker's algorithm of E. W. Dijkstra, 1965;
 * for several types A. N. Habermann, 1969). Otherwise it waits, although there may be enough.
 *
 * <pre>{@code
 * try (Banker banker = Banker.named("buffers", 10, 4)) {
 *     banker.claim(6, 2);
 *     banker.acquire(3, 0);
 *     banker.acquire(3, 2);
 *     work();
 *     banker.release(6, 2);
 * }
 * }</pre>
 *
 * <p>That is worth it where the order in which things are needed is not known beforehand; if it is, a {@link LockOrder}
 * is simpler and holds nobody up. It works as long as everybody who holds something gives it back in the end without
 * waiting for anything else than this.
 *
 * <p><b>Customers.</b> Each object is one, with one claim, one of up to 48; the threads of a process share it.
 *
 * <p><b>Death.</b> What a dead process held is free again, and its claim void, as soon as somebody waits, within about
 * 0.2 s. A process that is stopped keeps what it has. {@link #close} refuses while the object holds something.
 *
 * <p><b>Waiting.</b> There is no order: whoever's request is safe gets it. One who wants much can starve while others
 * come and go; {@link BankerStatus#longestWaitMillis} shows it. If nobody is there at the time, each method is one
 * lock and unlock, and no system call.
 *
 * <p><b>Memory.</b> What a thread does before it releases happens before what another does after it has acquired then.
 *
 * <p>The layout is in {@code docs/formats/banker.md}.
 */
public final class Banker implements AutoCloseable {
    private final SyncMemory memory;
    private final Waiters waiters;
    private final Mutex mutex;
    private final BankerRows rows;
    private final long[] total;

    private Banker(SyncMemory memory, long[] total) {
        this.memory = memory;
        this.total = total;
        this.waiters = new Waiters(memory);
        this.mutex = new Mutex(memory, waiters);
        this.rows = new BankerRows(memory, total);
        inside(() -> {
            rows.agree();
            return true;
        });
        memory.atExit(this::holdsInTheEnd);
    }

    /**
     * A banker in a segment.
     *
     * @param segment where; its type becomes that of a banker
     * @param total how much there is of each of 1 to 8 types; whoever opens it must want the same
     * @return what opens it
     * @throws IllegalArgumentException if there are no types, or more, or less than nothing of one
     */
    public static SyncBuilder<Banker> in(SharedSegmentBuilder segment, long... total) {
        if (total.length < 1 || total.length > BankerLayout.TYPE_MAX) {
            throw new IllegalArgumentException(total.length + " types of resources; allowed are 1 to "
                    + BankerLayout.TYPE_MAX);
        }
        long[] copy = total.clone();
        checkNotNegative(copy);
        return new SyncBuilder<>(segment, SyncKind.BANKER, memory -> new Banker(memory, copy));
    }

    /**
     * Opens the banker of a name, or creates one.
     *
     * @param name as for {@link SharedSegment#posix}
     * @param total how much there is of each of 1 to 8 types
     * @return the open banker
     * @throws org.jvmipc.IncompatibleChannelException if there is one with other totals
     */
    public static Banker named(String name, long... total) {
        return in(SharedSegment.posix(name), total).openOrCreate();
    }

    private static void checkNotNegative(long... counts) {
        for (long count : counts) {
            if (count < 0) {
                throw new IllegalArgumentException(Arrays.toString(counts) + ": less than 0 of one cannot be");
            }
        }
    }

    private void check(long... counts) {
        if (counts.length != total.length) {
            throw new IllegalArgumentException(Arrays.toString(counts) + " has " + counts.length + " numbers, "
                    + memory.name() + " has " + total.length + " types of resources; give one number for each");
        }
        checkNotNegative(counts);
    }

    private <T> T inside(Supplier<T> work) {
        try {
            return inside(work, null, Long.MAX_VALUE, false);
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    /** One that is inside may be stopped there, so who has a deadline gives up. */
    private <T> T inside(Supplier<T> work, T late, long deadline, boolean interruptibly) throws InterruptedException {
        Thread self = Thread.currentThread();
        if (!mutex.tryFast(self) && !mutex.tryOnce(self, true) && !mutex.acquire(true, deadline, interruptibly)) {
            return late;
        }
        try {
            if (mutex.isInconsistent()) {
                // Whoever died in here can have left its own row half done, and that is void.
                mutex.markConsistent();
            }
            return work.get();
        } finally {
            mutex.release(self);
        }
    }

    /**
     * Says how much this object may hold at most. To be called before it requests anything; and again to change it.
     *
     * @param most how much of each type
     * @throws IllegalArgumentException if that is more than there is, negative, or not as many numbers as types
     * @throws IllegalStateException if the object holds something, and this is more of some type than before, or less
     *         than it holds
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public void claim(long... most) {
        check(most);
        for (int type = 0; type < most.length; type++) {
            if (most[type] > total[type]) {
                throw new IllegalArgumentException("a claim of " + Arrays.toString(most)
                        + " can never be met, there are " + Arrays.toString(total) + " in all");
            }
        }
        inside(() -> {
            long[] held = rows.held();
            long[] before = rows.claim();
            for (int type = 0; type < most.length && rows.holdsAny(); type++) {
                if (most[type] < held[type] || most[type] > before[type]) {
                    throw new IllegalStateException("this object holds " + Arrays.toString(held) + " and has claimed "
                            + Arrays.toString(before) + ", so it cannot claim " + Arrays.toString(most)
                            + "; release what it holds first");
                }
            }
            rows.setClaim(most.clone());
            return true;
        });
        // A smaller claim can make safe what was not.
        waiters.signalAll(WaitState.REQUESTS);
    }

    /**
     * Takes something, when that is safe; waits for it.
     *
     * @param request how much more of each type
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; it has taken nothing
     * @throws IllegalStateException if that is more than the claim leaves, or there is none
     * @throws IllegalArgumentException if it is negative, or not as many numbers as types
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public void acquire(long... request) throws InterruptedException {
        acquire(Long.MAX_VALUE, request);
    }

    /**
     * Takes something, when that is safe; waits for a while.
     *
     * @param timeout how long at most; zero or less tries once
     * @param request how much more of each type
     * @return false if the time has passed; it has taken nothing then
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; it has taken nothing
     * @throws IllegalStateException if that is more than the claim leaves, or there is none
     * @throws IllegalArgumentException if it is negative, or not as many numbers as types
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public boolean tryAcquire(Duration timeout, long... request) throws InterruptedException {
        return acquire(Waiter.deadline(timeout), request);
    }

    private boolean acquire(long deadline, long... request) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        check(request);
        return inside(() -> takeIfClaimed(request), false, deadline, true)
                || waiters.acquire(new Request(deadline, request.clone()), WaitState.REQUEST, deadline, true);
    }

    /**
     * Takes something, if that is safe now.
     *
     * @param request how much more of each type
     * @return whether it has
     * @throws IllegalStateException if that is more than the claim leaves, or there is none
     * @throws IllegalArgumentException if it is negative, or not as many numbers as types
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public boolean tryAcquire(long... request) {
        check(request);
        return inside(() -> takeIfClaimed(request));
    }

    private boolean takeIfClaimed(long... request) {
        long[] claim = rows.claim();
        if (claim == null) {
            throw new IllegalStateException("this object has claimed nothing of " + memory.name()
                    + "; claim first what it may hold at most");
        }
        if (!isWithin(request, minus(claim, rows.held()))) {
            throw new IllegalStateException("this object holds " + Arrays.toString(rows.held())
                    + " and has claimed " + Arrays.toString(claim) + ", so it cannot request "
                    + Arrays.toString(request) + " more");
        }
        return take(request);
    }

    private static long[] minus(long[] some, long[] less) {
        long[] rest = some.clone();
        for (int type = 0; type < rest.length; type++) {
            rest[type] -= less[type];
        }
        return rest;
    }

    private static boolean isWithin(long[] some, long[] most) {
        for (int type = 0; type < some.length; type++) {
            if (some[type] > most[type]) {
                return false;
            }
        }
        return true;
    }

    /** Takes it if that is within the claim, and safe; looks for the dead before it says no. */
    private boolean take(long... request) {
        long[] claim = rows.claim();
        long[] sum = rows.held();
        // Another thread of this object may have taken from the claim meanwhile.
        if (claim == null || !isWithin(request, minus(claim, sum))) {
            return false;
        }
        for (int type = 0; type < sum.length; type++) {
            sum[type] += request[type];
        }
        boolean safe = rows.safeOrder(rows.all(), sum) != null
                || rows.removeDead() && rows.safeOrder(rows.all(), sum) != null;
        if (safe) {
            rows.setHeld(sum);
        }
        return safe;
    }

    /**
     * Gives something back.
     *
     * @param returned how much of each type
     * @throws IllegalStateException if that is more than the object holds; nothing is given back then
     * @throws IllegalArgumentException if it is negative, or not as many numbers as types
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public void release(long... returned) {
        check(returned);
        inside(() -> {
            long[] held = rows.held();
            if (!isWithin(returned, held)) {
                throw new IllegalStateException("this object holds " + Arrays.toString(held) + ", so it cannot release "
                        + Arrays.toString(returned));
            }
            for (int type = 0; type < held.length; type++) {
                held[type] -= returned[type];
            }
            rows.setHeld(held);
            return true;
        });
        waiters.signalAll(WaitState.REQUESTS);
    }

    /**
     * How much this object holds.
     *
     * @return of each type
     */
    public List<Long> held() {
        return list(inside(rows::held));
    }

    /**
     * How much nobody holds, which is not to say that one could have it.
     *
     * @return of each type; what those held who have been dead for 0.1 s is among it
     */
    public List<Long> available() {
        return list(inside(() -> {
            rows.removeDead();
            return rows.free();
        }));
    }

    /**
     * An order in which all customers can be served to the end, even if each wants its most: the first with what is
     * free now, the next with that and what the first gives back, and so on. There always is one.
     *
     * @return the processes of the customers, once for each
     */
    public List<PeerInfo> safeSequence() {
        return status().customers().stream().map(BankerStatus.Customer::process).toList();
    }

    /**
     * What stands in the memory, for people and tools.
     *
     * @return who has claimed and holds what, at one moment, without those who have been dead for 0.1 s; and who waits
     */
    public BankerStatus status() {
        return inside(() -> {
            rows.removeDead();
            List<BankerRows.Row> all = rows.all();
            List<BankerStatus.Customer> customers = new ArrayList<>();
            int[] order = rows.safeOrder(all, rows.held());
            if (order == null) {
                throw new SegmentCorruptedException(memory.name()
                        + " is not in a safe state, which nobody who keeps the rules brings about; remove it");
            }
            for (int index : order) {
                BankerRows.Row row = all.get(index);
                customers.add(new BankerStatus.Customer(memory.process(row.customer()), list(row.claim()),
                        list(row.held())));
            }
            return new BankerStatus(memory.name(), list(total), list(rows.free()), List.copyOf(customers),
                    waiters.list());
        });
    }

    private static List<Long> list(long... numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    /**
     * What stands for its memory.
     *
     * @return a path, or a key or number of System V, or a descriptor, in words
     */
    public String name() {
        return memory.name();
    }

    /**
     * Leaves it; its claim is void then. The last one who does removes it. Threads that wait by this object go on with
     * {@link org.jvmipc.ChannelClosedException}. Idempotent.
     *
     * @throws IllegalStateException if the object holds something; it stays open
     */
    @Override
    public void close() {
        boolean[] isBusy = new boolean[1];
        while (true) {
            try {
                memory.close(() -> (isBusy[0] = mutex.isOwn()) || rows.holdsAny(),
                        "holds some of it; release it first");
                return;
            } catch (IllegalStateException held) {
                // A thread that is in may be taking something; it is soon out again.
                if (!isBusy[0]) {
                    throw held;
                }
                Thread.yield();
            }
        }
    }

    /** The process ends, so no thread gets in any more; one that is in may be taking something. */
    private boolean holdsInTheEnd() {
        while (mutex.isOwn()) {
            Thread.yield();
        }
        return rows.holdsAny();
    }

    @Override
    public String toString() {
        return memory.toString();
    }

    /** A request that waits. */
    private final class Request implements Attempt {
        private final long deadline;
        private final long[] request;

        Request(long deadline, long... request) {
            this.deadline = deadline;
            this.request = request;
        }

        @Override
        public boolean attempt(Place place) {
            return attemptUnqueued();
        }

        @Override
        public boolean attemptUnqueued() {
            try {
                return inside(() -> take(request), false, deadline, true);
            } catch (InterruptedException asked) {
                // It ends the waiting that follows.
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public boolean isWorthTrying(Place place) {
            // Whether it is safe takes more than a look; who makes it so signals.
            return false;
        }

        @Override
        public void look(Place place) {
            // Each try looks for the dead.
        }

        @Override
        public void gaveUp() {
            // All who wait are signalled, so there is nothing to pass on.
        }
    }
}

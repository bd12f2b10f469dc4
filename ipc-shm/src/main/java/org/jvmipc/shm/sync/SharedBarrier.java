package org.jvmipc.shm.sync;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jvmipc.PeerInfo;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * Lets a number of threads, of any number of processes, wait until all of them have come to the same point, again and
 * again, with the methods of {@link java.util.concurrent.CyclicBarrier} and what these do.
 *
 * <p><b>Action.</b> Each object has the barrier action that it was opened with, or none. The thread that comes last
 * runs that of its object, before any goes on; so all should be opened with the same.
 *
 * <p><b>Death.</b> Whoever has the barrier open counts as one of its parties, until it is closed. If such a process
 * dies, or ends without closing it, whether one of its threads waits, runs the action or is still to come, the barrier
 * breaks: those who wait get {@link BrokenBarrierException}, within about 0.2 s, and so does whoever comes, until
 * somebody calls {@link #reset}. One that closes it while none of its threads waits is not missed: others may come for
 * it. One that is stopped is waited for.
 *
 * <p><b>Waiting.</b> The barrier has a lock inside, for the moment of coming, and as many calls to the operating system
 * as are needed to sleep and to wake. Virtual threads park. A process that is stopped in the few microseconds in which
 * it has the lock, or in the action, holds up the others, also those who wait for a while.
 *
 * <p><b>Memory.</b> What a thread does before it waits happens before the action, and that before what the others do
 * when they have waited, in whatever process, for memory that all have mapped.
 *
 * <p>The layout is in {@code docs/formats/primitives.md}.
 */
public final class SharedBarrier implements AutoCloseable {
    private final SyncMemory memory;
    private final Waiters waiters;
    private final Mutex mutex;
    private final BarrierTable table;
    private final BarrierMembers members;
    private final int parties;
    private final Runnable action;
    private volatile boolean acts;

    private SharedBarrier(SyncMemory memory, Runnable action) {
        if (memory.parameter() < 1 || memory.parameter() > BarrierLayout.PARTY_COUNT) {
            throw new SegmentCorruptedException(memory.name() + " is for " + memory.parameter()
                    + " parties, allowed are 1 to " + BarrierLayout.PARTY_COUNT + "; remove it");
        }
        this.memory = memory;
        this.waiters = new Waiters(memory);
        this.mutex = new Mutex(memory, waiters, null);
        this.table = new BarrierTable(memory);
        this.members = new BarrierMembers(memory);
        this.parties = (int) memory.parameter();
        this.action = action;
        memory.atExit(mutex::isOwn);
        members.join();
    }

    /**
     * A barrier in a segment. Whoever opens it must want as many parties as its creator.
     *
     * @param segment where; its type becomes that of a barrier
     * @param parties how many threads have to come, 1 to 512
     * @param action what the last of them runs; null for nothing
     * @return what opens it
     * @throws IllegalArgumentException if there can be no such number
     */
    public static SyncBuilder<SharedBarrier> in(SharedSegmentBuilder segment, int parties, Runnable action) {
        if (parties < 1 || parties > BarrierLayout.PARTY_COUNT) {
            throw new IllegalArgumentException(parties + " parties; allowed are 1 to " + BarrierLayout.PARTY_COUNT
                    + "; let one thread of several come for all of them");
        }
        return new SyncBuilder<>(segment, SyncKind.BARRIER, parties, true,
                memory -> new SharedBarrier(memory, action));
    }

    /**
     * Opens the barrier of a name, or creates one.
     *
     * @param name as for {@link SharedSegment#posix}
     * @param parties how many threads have to come, 1 to 512
     * @return the open barrier, without an action
     * @throws IllegalArgumentException if there can be no such number
     * @throws org.jvmipc.IncompatibleChannelException if there is one for another number
     */
    public static SharedBarrier named(String name, int parties) {
        return named(name, parties, null);
    }

    /**
     * Opens the barrier of a name, or creates one.
     *
     * @param name as for {@link SharedSegment#posix}
     * @param parties how many threads have to come, 1 to 512
     * @param action what the last of them runs; null for nothing
     * @return the open barrier
     * @throws IllegalArgumentException if there can be no such number
     * @throws org.jvmipc.IncompatibleChannelException if there is one for another number
     */
    public static SharedBarrier named(String name, int parties, Runnable action) {
        return in(SharedSegment.posix(name), parties, action).openOrCreate();
    }

    /**
     * Waits until all parties have come.
     *
     * @return how many came later than this thread: one less than {@link #getParties} for the first, 0 for the last
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; that breaks the barrier
     * @throws BrokenBarrierException if the barrier is broken, or breaks or is reset meanwhile
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     * @throws RuntimeException that the action threw, if this is the last; that breaks the barrier
     */
    public int await() throws InterruptedException, BrokenBarrierException {
        try {
            return await(Long.MAX_VALUE);
        } catch (TimeoutException never) {
            throw new IllegalStateException(never);
        }
    }

    /**
     * Waits until all parties have come, for a while.
     *
     * @param timeout how long at most; zero or less does not wait
     * @param unit of what
     * @return how many came later than this thread: one less than {@link #getParties} for the first, 0 for the last
     * @throws TimeoutException if the time has passed; that breaks the barrier
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; that breaks the barrier
     * @throws BrokenBarrierException if the barrier is broken, or breaks or is reset meanwhile
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     * @throws RuntimeException that the action threw, if this is the last; that breaks the barrier
     */
    public int await(long timeout, TimeUnit unit)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        Objects.requireNonNull(unit, "unit");
        return await(Deadline.in(timeout, unit));
    }

    private int await(long deadline) throws InterruptedException, BrokenBarrierException, TimeoutException {
        Thread self = Thread.currentThread();
        if (mutex.isHeldBy(self)) {
            throw new IllegalStateException("the action of " + memory.name() + " cannot wait at it itself");
        }
        Arrival arrival = arrive(self);
        if (arrival.index == 0) {
            // Having given the lock back, as those who are woken come for it soon.
            waiters.signalAll(WaitState.ARRIVALS);
        } else {
            awaitEnd(arrival, deadline);
        }
        return arrival.index;
    }

    private Arrival arrive(Thread self) throws InterruptedException, BrokenBarrierException {
        enter(self);
        try {
            if (table.isBroken()) {
                throw broken();
            }
            if (Thread.interrupted()) {
                breakAndTell();
                throw new InterruptedException();
            }
            int index = parties - 1 - table.arrived();
            if (index <= 0) {
                trip();
                return new Arrival(0, -1);
            }
            return new Arrival(index, table.enter());
        } finally {
            leave(self);
        }
    }

    private void trip() {
        boolean done = false;
        try {
            if (action != null) {
                acts = true;
                memory.checkOpen();
                action.run();
            }
            table.open();
            done = true;
        } finally {
            acts = false;
            if (!done) {
                breakAndTell();
            }
        }
    }

    private void awaitEnd(Arrival arrival, long deadline)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        try {
            if (!waiters.acquire(arrival, WaitState.ARRIVAL, deadline, true) && breaksUnlessEnded(arrival)) {
                throw new TimeoutException(memory.name() + ": not all of " + parties + " parties came in time");
            }
        } catch (InterruptedException asked) {
            if (breaksUnlessEnded(arrival)) {
                throw asked;
            }
            // It had opened, or was broken, already; the interrupt is for what comes after.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failed) {
            // If it is closed, others find that this one has gone.
            if (!memory.isClosed()) {
                breaksUnlessEnded(arrival);
            }
            throw failed;
        }
        long outcome = table.outcome(arrival.entry);
        table.leave(arrival.entry);
        if (outcome != BarrierLayout.PASSED) {
            memory.checkOpen();
            throw broken();
        }
    }

    /** Breaks it, as one goes without the others, unless they have come, or it is broken already. */
    private boolean breaksUnlessEnded(Arrival arrival) {
        Thread self = Thread.currentThread();
        enter(self);
        try {
            if (table.outcome(arrival.entry) != BarrierLayout.ARRIVED) {
                return false;
            }
            breakAndTell();
            table.leave(arrival.entry);
            return true;
        } finally {
            leave(self);
        }
    }

    private BrokenBarrierException broken() {
        return new BrokenBarrierException(memory.name()
                + " is broken: a party died, was interrupted, or did not wait so long; or it was reset");
    }

    private void breakAndTell() {
        table.breakIt();
        waiters.signalAll(WaitState.ARRIVALS);
    }

    /** Breaks it if a party has died. */
    private void look() {
        boolean died = table.removeDead();
        died |= members.removeDead();
        if (died && !table.isBroken()) {
            breakAndTell();
        }
    }

    /** As one who does not have the lock, and does not wait for it: one that has it may be stopped. */
    private void lookIfPossible(Thread self) {
        if (mutex.tryOnce(self, true)) {
            try {
                settle();
            } finally {
                leave(self);
            }
        }
    }

    /** Takes the lock, and looks who has died. Does not heed interrupts: the lock is never held for long. */
    private void enter(Thread self) {
        memory.checkOpen();
        if (!mutex.tryFast(self)) {
            try {
                mutex.acquire(true, Long.MAX_VALUE, false);
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
        }
        settle();
    }

    /** Having the lock: sees to what the dead have left. */
    private void settle() {
        if (mutex.isInconsistent()) {
            repair();
        }
        look();
    }

    /** One died who held the lock, so nobody knows what it had changed, but that does not matter when it is broken. */
    private void repair() {
        breakAndTell();
        mutex.markConsistent();
    }

    private void leave(Thread self) {
        if (mutex.isHeldBy(self)) {
            mutex.release(self);
        }
    }

    /**
     * Makes it as new. Those who wait get {@link BrokenBarrierException}.
     *
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public void reset() {
        Thread self = Thread.currentThread();
        boolean fromAction = mutex.isHeldBy(self);
        if (!fromAction) {
            enter(self);
        }
        try {
            table.reset();
            waiters.signalAll(WaitState.ARRIVALS);
        } finally {
            if (!fromAction) {
                leave(self);
            }
        }
    }

    /**
     * Whether somebody who waited was interrupted, did not wait so long, or died, or an action failed, since it was
     * created or reset. Does not wait.
     *
     * @return true if so
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public boolean isBroken() {
        Thread self = Thread.currentThread();
        if (!mutex.isHeldBy(self)) {
            lookIfPossible(self);
        }
        return table.isBroken();
    }

    /**
     * How many threads have to come.
     *
     * @return what its creator wanted
     */
    public int getParties() {
        return parties;
    }

    /**
     * How many threads have come and wait, for people: it may have changed already.
     *
     * @return how many
     */
    public int getNumberWaiting() {
        return table.arrived();
    }

    /**
     * What stands in the memory, for people and tools. The one who runs the action is its holder.
     *
     * @return who waits, how many have come, and {@link SyncState#INCONSISTENT} if it is broken
     */
    public SyncStatus status() {
        memory.checkOpen();
        return new SyncStatus(memory.name(), memory.kind(), memory.isFair(),
                table.isBroken() ? SyncState.INCONSISTENT : SyncState.CONSISTENT, table.arrived(), mutex.holders(),
                waiters.list());
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
     * Who has it open.
     *
     * @return processes that live, this one among them, once for each object
     */
    public List<PeerInfo> participants() {
        return memory.segment().participants();
    }

    /**
     * Leaves it; the last one who does removes it. Threads that wait by this object go on with {@link
     * org.jvmipc.ChannelClosedException}, and the barrier breaks for the others. Idempotent.
     *
     * @throws IllegalStateException if a thread of this process runs the action; it stays open
     */
    @Override
    public void close() {
        memory.close(() -> acts, "runs the barrier action", this::awaitThoseInside);
    }

    /** None of them holds the lock for long, as no action begins any more. */
    private void awaitThoseInside() {
        while (mutex.isOwn()) {
            Thread.yield();
        }
        members.leave();
    }

    @Override
    public String toString() {
        return memory + ", " + table.arrived() + " of " + parties + " parties have come";
    }

    /** One thread that has come: how many are still to come, and where that is entered. */
    private final class Arrival implements Attempt {
        private final int index;
        private final int entry;

        Arrival(int index, int entry) {
            this.index = index;
            this.entry = entry;
        }

        @Override
        public boolean attempt(Place place) {
            return attemptUnqueued();
        }

        @Override
        public boolean attemptUnqueued() {
            return table.outcome(entry) != BarrierLayout.ARRIVED;
        }

        @Override
        public boolean isWorthTrying(Place place) {
            return attemptUnqueued();
        }

        @Override
        public void look(Place place) {
            lookIfPossible(Thread.currentThread());
        }

        @Override
        public void gaveUp() {
            // All are signalled, so there is nothing to pass on.
        }
    }
}

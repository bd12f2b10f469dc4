package org.jvmipc.shm.sync;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jvmipc.ChannelFullException;
import org.jvmipc.spi.Flight;
import org.jvmipc.spi.Waiter;

/**
 * Who waits, of all processes: a table of records, each claimed by a compare-and-set that names the thread. The queue
 * is nothing but the tickets in the records; there are no links that a death could tear. Each thread sleeps on the
 * words of its own record, so a signal wakes one.
 *
 * <p>A record is <i>claimed</i> (OWNER from 0), <i>queued</i> (STATE from 0, with a new ticket), perhaps moved from a
 * condition to the lock by a compare-and-set of STATE, and <i>freed</i> (STATE 0, then OWNER 0), by its owner, or by
 * anybody if that is dead. All may be called from any thread; the meaning is in {@code docs/formats/sync.md}.
 */
final class Waiters {
    private final SyncMemory memory;

    Waiters(SyncMemory memory) {
        this.memory = memory;
    }

    /**
     * Queues the thread, lets it try until it succeeds, and takes it out of the queue.
     *
     * @param attempt what it tries, the first time at once
     * @param purpose of {@link WaitState}
     * @param deadline until when, in terms of {@link System#nanoTime}; {@link Long#MAX_VALUE} for ever
     * @param interruptibly whether an interrupt ends it; if not, it is kept for afterwards
     * @return false if the deadline passed
     * @throws InterruptedException if the thread was interrupted; then it has nothing
     * @throws org.jvmipc.ChannelClosedException if the object was closed; then it has nothing
     * @throws DeadlockException if it was chosen to give way in a deadlock; then it has nothing
     */
    boolean acquire(Attempt attempt, int purpose, long deadline, boolean interruptibly) throws InterruptedException {
        memory.checkOpen();
        Place place = tryClaim();
        for (int attempts = 0; place == null; attempts++) {
            // More than 512 threads wait, so it may take long until one of them goes.
            memory.checkOpen();
            if (attempt.attemptUnqueued()) {
                return true;
            }
            if (!pause(attempts, deadline, interruptibly)) {
                return false;
            }
            place = tryClaim();
        }
        boolean done = false;
        Flight.Span span = Flight.begin(Flight.Kind.LOCK_CONTENDED);
        try {
            place.setState(WaitState.of(purpose, 0, nextTicket()));
            done = await(place, attempt, deadline, interruptibly);
            return done;
        } finally {
            leave(place);
            if (span != null) {
                span.end(memory.name());
            }
            if (done) {
                attempt.succeeded();
            } else {
                attempt.gaveUp();
            }
        }
    }

    /** Lets a thread that is queued try until it succeeds; it stays queued. */
    boolean await(Place place, Attempt attempt, long deadline, boolean interruptibly) throws InterruptedException {
        boolean interrupted = false;
        try {
            while (true) {
                place.begin();
                memory.checkOpen();
                if (attempt.attempt(place)) {
                    return true;
                }
                if (WaitState.isVictim(place.state())) {
                    throw deadlock();
                }
                try {
                    if (!place.sleep(() -> attempt.isWorthTrying(place), deadline)) {
                        return looksAndAttempts(place, attempt);
                    }
                } catch (InterruptedException asked) {
                    if (interruptibly) {
                        throw asked;
                    }
                    interrupted = true;
                }
                if (place.mustLook()) {
                    look(place, attempt);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private DeadlockException deadlock() {
        long word = memory.get(SyncLayout.WORD);
        return new DeadlockException("this thread waited for " + memory.name() + ", "
                + (LockState.isHeld(word) && !memory.isOwn(Thread.currentThread(), word)
                        ? "held by " + memory.describe(word) : "held by others")
                + ", which waits in turn, directly or through others, for what this thread holds; it was chosen to give"
                + " way: unlock what it holds, and begin again");
    }

    /** At the end of the time: one who never waits for long is held up by no dead one, either. */
    private boolean looksAndAttempts(Place place, Attempt attempt) {
        if (!place.mustLook()) {
            return false;
        }
        look(place, attempt);
        return attempt.attempt(place);
    }

    private void look(Place place, Attempt attempt) {
        memory.checkOpen();
        look();
        attempt.look(place);
    }

    /** Removes the dead from the queue, and wakes who is first then. */
    void look() {
        OpenSync.noteHolds();
        if (removeDead()) {
            // It may have been the turn of one of these.
            signalFirst(WaitState.ACQUIRERS);
        }
    }

    /** The next number of the order. */
    long nextTicket() {
        return memory.getAndAdd(SyncLayout.TICKETS, 1) + 1;
    }

    /** Waits a little; false if the deadline passed. */
    private static boolean pause(int attempts, long deadline, boolean interruptibly) throws InterruptedException {
        if (interruptibly) {
            return Waiter.pause(attempts, deadline);
        }
        boolean interrupted = Thread.interrupted();
        try {
            return Waiter.pause(attempts, deadline);
        } catch (InterruptedException asked) {
            interrupted = true;
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Claims a record for one who waits for a signal.
     *
     * @throws ChannelFullException if 512 threads wait
     */
    Place claim() {
        Place place = tryClaim();
        if (place == null) {
            throw new ChannelFullException(SyncLayout.RECORD_COUNT + " threads wait for " + memory.name()
                    + ", and it takes no more; let fewer wait");
        }
        return place;
    }

    private Place tryClaim() {
        memory.beginsClaiming();
        try {
            Place place = tryClaimFree();
            return place == null && removeDead() ? tryClaimFree() : place;
        } finally {
            memory.endsClaiming();
        }
    }

    private Place tryClaimFree() {
        Thread thread = Thread.currentThread();
        long owner = memory.owner(thread);
        for (int i = 0; i < SyncLayout.RECORD_COUNT; i++) {
            int base = SyncLayout.record(i);
            if (memory.getOpaque(base + SyncLayout.OWNER) == 0) {
                // First, so that nobody overlooks what is claimed.
                raiseUsed(i + 1);
                if (memory.compareAndSet(base + SyncLayout.OWNER, 0, owner)) {
                    return occupy(base, owner, thread);
                }
            }
        }
        return null;
    }

    private void raiseUsed(int count) {
        long used = memory.get(SyncLayout.RECORDS_USED);
        while (used < count && !memory.compareAndSet(SyncLayout.RECORDS_USED, used, count)) {
            used = memory.get(SyncLayout.RECORDS_USED);
        }
    }

    private Place occupy(int base, long owner, Thread thread) {
        memory.setInt(base + SyncLayout.SIGNAL, 0);
        memory.setOpaque(base + SyncLayout.SINCE, System.currentTimeMillis());
        byte[] name = thread.getName().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(name.length, SyncLayout.THREAD_NAME_MAX);
        memory.buffer().put(base + SyncLayout.THREAD_NAME, name, 0, length);
        memory.setInt(base + SyncLayout.THREAD_NAME_LENGTH, length);
        Place place = new Place(memory, base, owner);
        memory.add(place);
        return place;
    }

    /** A thread does not wait any more. */
    void leave(Place place) {
        place.free();
        // Not before: closing waits until nobody has a record any more.
        memory.remove(place);
    }

    /** Visits the records that may be in use, until told to stop. */
    private void forEach(IntPredicate goesOn) {
        int used = (int) Math.min(memory.get(SyncLayout.RECORDS_USED), SyncLayout.RECORD_COUNT);
        for (int i = 0; i < used && goesOn.test(SyncLayout.record(i)); i++) {
            continue;
        }
    }

    /**
     * The record of the first with some purpose, but for those that are passed.
     *
     * @param purposes of {@link WaitState}
     * @param detail whose number it must have, or -1 for any
     * @param signalled whether it may be one that was signalled and has not woken up yet
     * @return its offset, or 0 if there is none
     */
    private int first(int purposes, int detail, boolean signalled) {
        int used = (int) Math.min(memory.get(SyncLayout.RECORDS_USED), SyncLayout.RECORD_COUNT);
        long best = Long.MAX_VALUE;
        int found = 0;
        for (int i = 0; i < used; i++) {
            int base = SyncLayout.record(i);
            long state = memory.get(base + SyncLayout.STATE);
            if (WaitState.isOf(state, purposes) && WaitState.ticket(state) < best && !WaitState.isPassed(state)
                    && (detail < 0 || WaitState.detail(state) == detail)
                    && (signalled || memory.getInt(base + SyncLayout.SIGNAL) == 0)) {
                best = WaitState.ticket(state);
                found = base;
            }
        }
        return found;
    }

    /** The state of the first with some purpose; 0 if there is none. */
    long firstState(int purposes) {
        int base = first(purposes, -1, true);
        return base == 0 ? 0 : memory.get(base + SyncLayout.STATE);
    }

    /** Whether nobody with some purpose stands before a place. */
    boolean isFirst(Place place, int purposes) {
        int base = first(purposes, -1, true);
        return base == 0 || base == place.base()
                || WaitState.ticket(memory.get(base + SyncLayout.STATE)) > WaitState.ticket(place.state());
    }

    /** Whether somebody else with some purpose is there. */
    boolean hasOthers(Place place, int purposes) {
        int used = (int) Math.min(memory.get(SyncLayout.RECORDS_USED), SyncLayout.RECORD_COUNT);
        for (int i = 0; i < used; i++) {
            int base = SyncLayout.record(i);
            if (base != place.base() && WaitState.isOf(memory.get(base + SyncLayout.STATE), purposes)) {
                return true;
            }
        }
        return false;
    }

    /** Wakes the first with some purpose that is not waking up already: that one may be stopped. */
    void signalFirst(int purposes) {
        int base = first(purposes, -1, false);
        if (base != 0) {
            Place.signal(memory, base);
        }
    }

    /** Lets others go past the one whose state it is. */
    void pass(long state) {
        forEach(base -> !memory.compareAndSet(base + SyncLayout.STATE, state, state | WaitState.PASSED));
    }

    /** Wakes an owner that waits. */
    void signal(long owner) {
        forEach(base -> {
            if (memory.get(base + SyncLayout.OWNER) == owner) {
                Place.signal(memory, base);
            }
            return true;
        });
    }

    /** Wakes all with some purpose. */
    void signalAll(int purposes) {
        forEach(base -> {
            if (WaitState.isOf(memory.get(base + SyncLayout.STATE), purposes)) {
                Place.signal(memory, base);
            }
            return true;
        });
    }

    /** How many have some purpose, and a number if it is not -1. */
    int count(int purposes, int detail) {
        int[] count = new int[1];
        forEach(base -> {
            long state = memory.get(base + SyncLayout.STATE);
            if (WaitState.isOf(state, purposes) && (detail < 0 || WaitState.detail(state) == detail)) {
                count[0]++;
            }
            return true;
        });
        return count[0];
    }

    /** Whether a thread of this process, by this object, waits with some purpose. */
    boolean isWaiting(Thread thread, int purposes) {
        long owner = memory.owner(thread);
        boolean[] found = new boolean[1];
        forEach(base -> {
            found[0] = memory.get(base + SyncLayout.OWNER) == owner
                    && WaitState.isOf(memory.get(base + SyncLayout.STATE), purposes);
            return !found[0];
        });
        return found[0];
    }

    /**
     * Moves the one who waits longest for a condition to the queue of the lock, at its end. Not one that is dead.
     *
     * @param condition its number
     * @param wakes whether to wake it; if not, whoever holds the lock does when it lets go
     * @return whether there was one
     */
    boolean transferFirst(int condition, boolean wakes) {
        while (true) {
            int base = first(WaitState.CONDITIONS, condition, true);
            if (base == 0) {
                return false;
            }
            long owner = memory.get(base + SyncLayout.OWNER);
            long state = memory.get(base + SyncLayout.STATE);
            if (WaitState.purpose(state) != WaitState.CONDITION || WaitState.detail(state) != condition) {
                continue;
            }
            // If one has died just now, whoever looks passes its signal on.
            if (owner == 0 || !memory.isOwn(owner) && memory.isGone(owner)) {
                bury(base, owner, state);
            } else if (transfer(base, state, condition, wakes)) {
                return true;
            }
        }
    }

    /** Wakes all who wait for conditions: what they wait for will not be told by one who has died. */
    void transferAll() {
        forEach(base -> {
            long state = memory.get(base + SyncLayout.STATE);
            if (WaitState.purpose(state) == WaitState.CONDITION) {
                transfer(base, state, WaitState.detail(state), true);
            }
            return true;
        });
    }

    private boolean transfer(int base, long state, int condition, boolean wakes) {
        long moved = WaitState.of(WaitState.EXCLUSIVE, condition, nextTicket()) | WaitState.SIGNALLED;
        if (!memory.compareAndSet(base + SyncLayout.STATE, state, moved)) {
            return false;
        }
        if (wakes) {
            Place.signal(memory, base);
        }
        return true;
    }

    /** Frees the records of the dead, and passes on what was signalled to them; whether there were any. */
    boolean removeDead() {
        boolean[] found = new boolean[1];
        forEach(base -> {
            long owner = memory.get(base + SyncLayout.OWNER);
            long state = memory.get(base + SyncLayout.STATE);
            if (owner != 0 && !memory.isOwn(owner) && memory.isGone(owner)) {
                bury(base, owner, state);
                found[0] = true;
            }
            return true;
        });
        return found[0];
    }

    /**
     * Frees the record of a dead one. If whoever does it dies in between it is done again, and a signal comes twice,
     * which a condition allows.
     */
    private void bury(int base, long owner, long state) {
        if (memory.get(base + SyncLayout.OWNER) != owner) {
            return;
        }
        if (WaitState.isSignalled(state)) {
            transferFirst(WaitState.detail(state), true);
        }
        if (state == 0 || memory.compareAndSet(base + SyncLayout.STATE, state, 0)) {
            memory.compareAndSet(base + SyncLayout.OWNER, owner, 0);
        }
    }

    /** Who waits, first come first. */
    List<SyncWaiter> list() {
        List<Long> tickets = new ArrayList<>();
        List<SyncWaiter> waiters = new ArrayList<>();
        forEach(base -> {
            long owner = memory.get(base + SyncLayout.OWNER);
            long state = memory.get(base + SyncLayout.STATE);
            if (owner != 0 && WaitState.purpose(state) != 0) {
                SyncWaiter waiter = waiter(base, owner, state);
                if (memory.get(base + SyncLayout.STATE) == state) {
                    int at = 0;
                    while (at < tickets.size() && tickets.get(at) < WaitState.ticket(state)) {
                        at++;
                    }
                    tickets.add(at, WaitState.ticket(state));
                    waiters.add(at, waiter);
                }
            }
            return true;
        });
        return List.copyOf(waiters);
    }

    private SyncWaiter waiter(int base, long owner, long state) {
        ByteBuffer buffer = memory.buffer();
        int length = Math.max(0, Math.min(buffer.getInt(base + SyncLayout.THREAD_NAME_LENGTH),
                SyncLayout.THREAD_NAME_MAX));
        byte[] name = new byte[length];
        buffer.get(base + SyncLayout.THREAD_NAME, name);
        long millis = Math.max(0, System.currentTimeMillis() - memory.getOpaque(base + SyncLayout.SINCE));
        return new SyncWaiter(memory.process(owner), Owner.thread(owner), new String(name, StandardCharsets.UTF_8),
                WaitState.isOf(state, WaitState.CONDITIONS | WaitState.ARRIVALS), millis);
    }
}

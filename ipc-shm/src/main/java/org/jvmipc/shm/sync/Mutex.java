package org.jvmipc.shm.sync;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The engine of the locks: one word that names its holder, taken and given back by one compare-and-set each while
 * nobody waits. It knows nothing of reentrance, but keeps the count. If there are readers, who takes the word then
 * waits until they have gone, which nobody new does who sees the word held.
 *
 * <p><b>No wake-up is lost.</b> Who fails to get it is in the queue before it sees the word held <i>with</i> the mark
 * CONTENDED, which it sets if need be. Who gives it back takes the mark away (or, if it is fair, leaves it in the free
 * word) and then signals the first in the queue. Who gets it out of the queue looks afterwards whether others are
 * there, and sets the mark for them. So between two givings-back somebody is signalled, or awake and about to set the
 * mark; and if that one dies, the others look by themselves within 80 ms.
 *
 * <p>An unfair one may be taken by anybody while the signalled one wakes up. In a fair one only the first in the queue
 * may; but if it is seen first for some 0.3 s with the word free, it is marked, and others go past it until it tries
 * again: it is stopped.
 */
final class Mutex implements Attempt {
    private static final long TRY_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** How long a reader and a writer that try at the same time wait for each other's step back. */
    static final long TRIAL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    /**
     * Tries before queueing. They take about as long as queueing costs, one or two microseconds, which makes at most
     * twice the least that could be paid, and short sections change hands without it. With one processor the holder
     * cannot let go meanwhile.
     */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() == 1 ? 0 : 64;

    private final SyncMemory memory;
    private final Waiters waiters;
    private final LastDead lastDead;
    private final Contention contention;
    private final boolean fair;
    /** Null if there are none. */
    private final Readers readers;
    /** The holder, if it is a thread of this object; only that thread finds itself here. */
    private Thread holder;
    private int holds;
    private volatile long triedAt = System.nanoTime();

    Mutex(SyncMemory memory, Waiters waiters) {
        this(memory, waiters, null);
    }

    Mutex(SyncMemory memory, Waiters waiters, Readers readers) {
        this.memory = memory;
        this.waiters = waiters;
        this.lastDead = new LastDead(memory);
        this.contention = new Contention(memory, waiters);
        this.readers = readers;
        this.fair = memory.isFair();
    }

    /** Takes it if nobody holds it or waits, and all is consistent. */
    boolean tryFast(Thread self) {
        if (!hasNoReaders() || !memory.compareAndSet(SyncLayout.WORD, 0, memory.owner(self))) {
            return false;
        }
        taken(self);
        return staysIfNoReaders(self);
    }

    /** Tries for a moment. Without a load before the compare-and-set: the line would come twice. */
    boolean trySpinning(Thread self) {
        for (int i = 0; i < SPINS; i++) {
            Thread.onSpinWait();
            if (tryFast(self)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasNoReaders() {
        return readers == null || readers.areNone();
    }

    /**
     * After taking it: whether no reader had come before; if not it is given back. One that counts itself just now sees
     * that it is held, and goes again.
     */
    private boolean staysIfNoReaders(Thread self) {
        if (hasNoReaders()) {
            return true;
        }
        long start = System.nanoTime();
        do {
            Thread.yield();
            if (hasNoReaders()) {
                return true;
            }
        } while (System.nanoTime() - start < TRIAL_NANOS);
        release(self);
        return false;
    }

    private void taken(Thread self) {
        if (memory.isClosed()) {
            giveBack(self);
            throw memory.closed();
        }
        holder = self;
        holds = 1;
    }

    boolean isHeldBy(Thread self) {
        return holder == self;
    }

    /** How often the calling thread holds it. */
    int holds(Thread self) {
        return holder == self ? holds : 0;
    }

    /** The holder takes or gives back one hold more, not the last. */
    void addHolds(int delta) {
        int sum = holds + delta;
        if (sum < 0) {
            throw new Error("Maximum lock count exceeded");
        }
        holds = sum;
        memory.setOpaque(SyncLayout.HOLDS, sum);
    }

    /**
     * Takes it if nobody holds it, whoever waits.
     *
     * @param repairs whether to take it also if it is inconsistent
     */
    boolean tryOnce(Thread self, boolean repairs) {
        while (true) {
            memory.checkOpen();
            long word = memory.get(SyncLayout.WORD);
            checkUsable(word, repairs);
            if (LockState.isHeld(word)) {
                if (!buryHolderIfDue(word)) {
                    return false;
                }
            } else if (!hasNoReaders()) {
                if (!isTimeToLook() || !readers.removeDead()) {
                    return false;
                }
            } else if (memory.compareAndSet(SyncLayout.WORD, word, memory.owner(self) | word)) {
                if (LockState.has(word, LockState.CONTENDED)) {
                    contention.noteHold();
                }
                taken(self);
                return staysIfNoReaders(self);
            }
        }
    }

    @Override
    public boolean attemptUnqueued() {
        return attemptUnqueued(false);
    }

    private boolean attemptUnqueued(boolean repairs) {
        // In a fair one those who stand in the queue have come before.
        return (!fair || waiters.firstState(WaitState.ACQUIRERS) == 0) && tryOnce(Thread.currentThread(), repairs);
    }

    /** Who only ever tries takes it from a dead holder, too; false if that lives, or was looked at just before. */
    boolean buryHolderIfDue(long word) {
        return isTimeToLook() && buryHolder(word);
    }

    private boolean isTimeToLook() {
        long now = System.nanoTime();
        if (now - triedAt < TRY_LOOK_NANOS) {
            return false;
        }
        triedAt = now;
        return true;
    }

    /** Waits for it. */
    boolean acquire(boolean repairs, long deadline, boolean interruptibly) throws InterruptedException {
        if (readers != null && holder != Thread.currentThread() && readers.holds() > 0) {
            return waitsForItself(deadline);
        }
        return waiters.acquire(repairs ? new Repairing() : this, WaitState.EXCLUSIVE, deadline, interruptibly);
    }

    /** One who reads wants to write. It never can, so it keeps nobody else from reading meanwhile. */
    private boolean waitsForItself(long deadline) throws InterruptedException {
        if (deadline == Long.MAX_VALUE) {
            throw new IllegalStateException("this thread reads under " + memory.name()
                    + ", and would wait for itself to write; unlock the read lock first");
        }
        while (Deadline.left(deadline) > 0) {
            LockSupport.parkNanos(Deadline.left(deadline));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return false;
    }

    @Override
    public boolean attempt(Place place) {
        return attempt(place, false);
    }

    private boolean attempt(Place place, boolean repairs) {
        Thread self = Thread.currentThread();
        if (readers != null && holder == self) {
            return isDrained();
        }
        while (true) {
            long word = memory.get(SyncLayout.WORD);
            checkUsable(word, repairs);
            if (LockState.isHeld(word)) {
                if (contention.isMarked(word)) {
                    return false;
                }
            } else if (fair && !waiters.isFirst(place, WaitState.ACQUIRERS)) {
                return false;
            } else {
                long drains = hasNoReaders() ? 0 : LockState.DRAINING;
                if (memory.compareAndSet(SyncLayout.WORD, word,
                        memory.owner(self) | word & LockState.INCONSISTENT | drains)) {
                    contention.markIfOthersWait(place);
                    if (drains != 0) {
                        contention.noteHold();
                    }
                    taken(self);
                    return isDrained();
                }
            }
        }
    }

    Contention contention() {
        return contention;
    }

    /** How long readers have kept a writer waiting, at least; 0 if nobody waits for them. */
    long drainingMillis() {
        return contention.heldMillis(memory.get(SyncLayout.WORD), LockState.DRAINING);
    }

    /** Whether the holder need not wait for readers any more; if it must, the last of them signals it. */
    private boolean isDrained() {
        if (!hasNoReaders()) {
            if (!LockState.has(memory.getAndOr(SyncLayout.WORD, LockState.DRAINING), LockState.DRAINING)) {
                contention.noteHold();
            }
            if (!hasNoReaders()) {
                return false;
            }
        }
        if (LockState.has(memory.get(SyncLayout.WORD), LockState.DRAINING)) {
            memory.getAndAnd(SyncLayout.WORD, ~LockState.DRAINING);
            contention.noteHold();
        }
        return true;
    }

    @Override
    public boolean isWorthTrying(Place place) {
        long word = memory.get(SyncLayout.WORD);
        if (LockState.has(word, LockState.DRAINING) && LockState.owner(word) == place.owner()) {
            return hasNoReaders();
        }
        return !fair && !LockState.isHeld(word);
    }

    @Override
    public void look(Place place) {
        long word = memory.get(SyncLayout.WORD);
        if (readers != null && LockState.owner(word) == place.owner()) {
            readers.removeDead();
        } else if (LockState.isHeld(word)) {
            place.sawTooOften(0);
            buryHolder(word);
        } else if (fair) {
            long first = waiters.firstState(WaitState.ACQUIRERS);
            if (place.sawTooOften(first)) {
                waiters.pass(first);
            }
        }
    }

    @Override
    public void gaveUp() {
        Thread self = Thread.currentThread();
        if (readers != null && holder == self) {
            // It had the word, and was waiting for readers.
            release(self);
        }
        contention.passOn();
    }

    /** Takes it from a dead holder; false if the holder lives. */
    boolean buryHolder(long word) {
        long owner = LockState.owner(word);
        if (memory.isOwn(owner) || !memory.isGone(owner)) {
            return false;
        }
        long inconsistent = word & LockState.INCONSISTENT;
        // One that left held nothing; if its word stands here all the same, a thread of it is about to give it back.
        boolean unchanged = LockState.has(word, LockState.DRAINING) && inconsistent == 0 || memory.hasLeft(owner);
        if (!unchanged) {
            lastDead.note(owner);
            memory.setOpaque(SyncLayout.HOLDS, 0);
        }
        long free = word & LockState.CONTENDED | (unchanged ? inconsistent : LockState.INCONSISTENT);
        // Who dies after this has left nothing undone: those who wait look for the flag by themselves.
        if (memory.compareAndSet(SyncLayout.WORD, word, free)) {
            waiters.signalAll(WaitState.ACQUIRERS);
            if (!unchanged) {
                waiters.transferAll();
                lastDead.tell();
            }
        }
        return true;
    }

    void checkUsable(long word, boolean repairs) {
        if (LockState.has(word, LockState.UNRECOVERABLE)) {
            throw lastDead.notRecoverable();
        }
        if (!repairs && !LockState.isHeld(word) && LockState.has(word, LockState.INCONSISTENT)) {
            throw ownerDied();
        }
    }

    OwnerDiedException ownerDied() {
        return lastDead.ownerDied();
    }

    /**
     * Gives it back, whatever the count.
     *
     * @throws IllegalMonitorStateException if the calling thread does not hold it
     */
    void release(Thread self) {
        checkHeld(self);
        holder = null;
        giveBack(self);
    }

    private void giveBack(Thread self) {
        long mine = memory.owner(self);
        if (!memory.compareAndSet(SyncLayout.WORD, mine, 0)) {
            giveBackSlowly(mine);
        }
    }

    private void giveBackSlowly(long mine) {
        while (true) {
            long word = memory.get(SyncLayout.WORD);
            if (LockState.owner(word) != mine) {
                if (memory.isClosed()) {
                    // It was taken after this participant had left, and others have cleared it.
                    return;
                }
                throw new IllegalMonitorStateException(memory.name() + " is held by "
                        + (LockState.isHeld(word) ? memory.describe(word) : "nobody")
                        + ", although this thread took it; somebody else writes into it");
            }
            long free = word & LockState.INCONSISTENT | (fair ? word & LockState.CONTENDED : 0);
            if (memory.compareAndSet(SyncLayout.WORD, word, free)) {
                if (LockState.has(word, LockState.INCONSISTENT)) {
                    waiters.signalAll(WaitState.ACQUIRERS);
                } else if (LockState.has(word, LockState.CONTENDED)) {
                    waiters.signalFirst(WaitState.ACQUIRERS);
                }
                return;
            }
        }
    }

    /** Misuse that says so; or the lock was given up or closed while the thread waited for it. */
    void checkHeld(Thread self) {
        if (holder != self) {
            memory.checkOpen();
            if (LockState.has(memory.get(SyncLayout.WORD), LockState.UNRECOVERABLE)) {
                throw lastDead.notRecoverable();
            }
            throw new IllegalMonitorStateException(memory.name() + " is not held by this thread");
        }
    }

    /** Whether one who waits at a condition must not wait any more, perhaps knowing that it was inconsistent before. */
    boolean endsWaiting(boolean inconsistentBefore) {
        long word = memory.get(SyncLayout.WORD);
        return LockState.has(word, LockState.UNRECOVERABLE)
                || !inconsistentBefore && LockState.has(word, LockState.INCONSISTENT);
    }

    /** Whether the holder found it inconsistent, and has not repaired it. */
    boolean isInconsistent() {
        return LockState.has(memory.get(SyncLayout.WORD), LockState.INCONSISTENT);
    }

    /** The holder has repaired it. */
    void markConsistent() {
        // In case whoever found the owner dead has died itself before: afterwards nobody could tell.
        waiters.transferAll();
        memory.getAndAnd(SyncLayout.WORD, ~LockState.INCONSISTENT);
    }

    /** The holder gives it up, for all. */
    void condemn(Thread self) {
        checkHeld(self);
        if (!isInconsistent()) {
            lastDead.forget();
        }
        holder = null;
        memory.set(SyncLayout.WORD, LockState.UNRECOVERABLE);
        waiters.signalAll(WaitState.ACQUIRERS);
        waiters.transferAll();
    }

    /** The holder waits at a condition: gives back all. */
    int releaseAll(Thread self) {
        if (readers != null && readers.holds() > 0) {
            throw new IllegalStateException("this thread reads under " + memory.name()
                    + ", so nobody could write and signal it; unlock the read lock first");
        }
        int all = holds(self);
        if (all > 1) {
            memory.setOpaque(SyncLayout.HOLDS, 1);
        }
        release(self);
        return all;
    }

    /** Waits for it again, from a place in the queue, also if it is inconsistent by now. */
    void reacquire(Place place, int all) throws InterruptedException {
        waiters.await(place, new Repairing(), Long.MAX_VALUE, false);
        if (all > 1) {
            addHolds(all - 1);
        }
    }

    boolean isHeld() {
        return LockState.isHeld(memory.get(SyncLayout.WORD));
    }

    /** Whether it is held by one who does not wait for readers any more. */
    boolean isHeldAlone() {
        long word = memory.get(SyncLayout.WORD);
        return LockState.isHeld(word) && !LockState.has(word, LockState.DRAINING);
    }

    /** Whether a thread of this object holds it. */
    boolean isOwn() {
        return memory.isOwn(memory.get(SyncLayout.WORD));
    }

    SyncState state() {
        return LockState.state(memory.get(SyncLayout.WORD));
    }

    /** Who holds it, for people. */
    List<SyncHolder> holders() {
        long word = memory.get(SyncLayout.WORD);
        if (!LockState.isHeld(word)) {
            return List.of();
        }
        int count = (int) Math.max(1, memory.getOpaque(SyncLayout.HOLDS));
        return List.of(new SyncHolder(memory.process(word), memory.started(word), Owner.thread(word), count,
                contention.heldMillis(word, LockState.CONTENDED)));
    }

    /** The same attempt by one who is ready to repair what it finds. */
    private final class Repairing implements Attempt {
        @Override
        public boolean attempt(Place place) {
            return Mutex.this.attempt(place, true);
        }

        @Override
        public boolean attemptUnqueued() {
            return Mutex.this.attemptUnqueued(true);
        }

        @Override
        public boolean isWorthTrying(Place place) {
            return Mutex.this.isWorthTrying(place);
        }

        @Override
        public void look(Place place) {
            Mutex.this.look(place);
        }

        @Override
        public void gaveUp() {
            Mutex.this.gaveUp();
        }
    }
}

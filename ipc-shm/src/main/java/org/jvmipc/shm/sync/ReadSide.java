package org.jvmipc.shm.sync;

/** The engine of a read lock. Who reads does not hold the lock's word; see {@link Readers}. */
final class ReadSide implements Attempt {
    private final SyncMemory memory;
    private final Waiters waiters;
    private final Mutex mutex;
    private final Readers readers;

    ReadSide(SyncMemory memory, Waiters waiters, Mutex mutex, Readers readers) {
        this.memory = memory;
        this.waiters = waiters;
        this.mutex = mutex;
        this.readers = readers;
    }

    /** Reads once more, or while writing, which nobody can object to. */
    boolean reenters() {
        if (readers.holds() == 0 && !mutex.isHeldBy(Thread.currentThread())) {
            return false;
        }
        readers.enter();
        readers.addHolds(1);
        return true;
    }

    /** Takes it if nobody writes or waits. */
    boolean tryFast() {
        return memory.get(SyncLayout.WORD) == 0 && enters() && held();
    }

    private boolean held() {
        readers.addHolds(1);
        return true;
    }

    /** Takes it if nobody writes, whoever waits. */
    boolean tryOnce() {
        return entersOnce() && held();
    }

    private boolean entersOnce() {
        for (long start = System.nanoTime();;) {
            memory.checkOpen();
            long word = memory.get(SyncLayout.WORD);
            mutex.checkUsable(word, false);
            if (!LockState.isHeld(word)) {
                if (enters()) {
                    return true;
                }
            } else if (isOnlyTried(word) && System.nanoTime() - start < 2 * Mutex.TRIAL_NANOS) {
                Thread.yield();
            } else if (!mutex.buryHolderIfDue(word)) {
                return false;
            }
        }
    }

    /** Whether somebody has it for a moment who only tries to write, and will find that others read. */
    private boolean isOnlyTried(long word) {
        return !LockState.has(word, LockState.DRAINING) && !readers.areNone();
    }

    boolean acquire(long deadline, boolean interruptibly) throws InterruptedException {
        return waiters.acquire(this, WaitState.SHARED, deadline, interruptibly) && held();
    }

    /** Counts itself, unless somebody has begun to write. */
    private boolean enters() {
        memory.checkOpen();
        readers.enter();
        if (memory.isClosed()) {
            readers.leave();
            throw memory.closed();
        }
        if ((memory.get(SyncLayout.WORD) & ~LockState.CONTENDED) == 0) {
            return true;
        }
        readers.leave();
        return false;
    }

    @Override
    public boolean attempt(Place place) {
        while (true) {
            long word = memory.get(SyncLayout.WORD);
            mutex.checkUsable(word, false);
            if (LockState.isHeld(word)) {
                if (mutex.contention().isMarked(word)) {
                    return false;
                }
            } else if (memory.isFair() && !waiters.isFirst(place, WaitState.ACQUIRERS)) {
                return false;
            } else if (enters(place)) {
                return true;
            }
        }
    }

    /** Who looks for deadlocks must not take one for waiting that reads: nothing else says which threads read. */
    private boolean enters(Place place) {
        place.mark(WaitState.ENTERS, true);
        boolean entered = enters();
        if (!entered) {
            place.mark(WaitState.ENTERS, false);
        }
        return entered;
    }

    @Override
    public boolean attemptUnqueued() {
        return (!memory.isFair() || waiters.firstState(WaitState.ACQUIRERS) == 0) && entersOnce();
    }

    @Override
    public boolean isWorthTrying(Place place) {
        return mutex.isWorthTrying(place);
    }

    @Override
    public void look(Place place) {
        mutex.look(place);
    }

    /** Others may read, too; and a mark that nobody needs would send all who come to the queue. */
    @Override
    public void succeeded() {
        if (waiters.firstState(WaitState.ACQUIRERS) == 0) {
            memory.compareAndSet(SyncLayout.WORD, LockState.CONTENDED, 0);
        }
        mutex.contention().passOn();
    }

    @Override
    public void gaveUp() {
        mutex.contention().passOn();
    }

    /** Gives back one hold. */
    void release() {
        if (readers.holds() == 0) {
            memory.checkOpen();
            throw new IllegalMonitorStateException(memory.name() + " is not held for reading by this thread");
        }
        readers.addHolds(-1);
        readers.leave();
    }
}

package org.jvmipc.shm.sync;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.PeerInfo;
import org.jvmipc.spi.Waiter;

/** What both kinds of mutual exclusion have; they differ in what happens to a holder that wants more. */
abstract class AbstractSharedLock implements Lock, AutoCloseable {
    private final SyncMemory memory;
    private final Waiters waiters;
    private final Mutex mutex;
    private final Conditions conditions;
    private final boolean reentrant;
    private final BooleanSupplier inUse;

    AbstractSharedLock(SyncMemory memory, boolean reentrant) {
        this(memory, new Waiters(memory), reentrant);
    }

    private AbstractSharedLock(SyncMemory memory, Waiters waiters, boolean reentrant) {
        this(memory, waiters, new Mutex(memory, waiters), reentrant);
    }

    private AbstractSharedLock(SyncMemory memory, Waiters waiters, Mutex mutex, boolean reentrant) {
        this(memory, waiters, mutex, reentrant, mutex::isOwn);
    }

    AbstractSharedLock(SyncMemory memory, Waiters waiters, Mutex mutex, boolean reentrant, BooleanSupplier inUse) {
        this.memory = memory;
        this.waiters = waiters;
        this.mutex = mutex;
        this.conditions = new Conditions(memory, waiters, mutex);
        this.reentrant = reentrant;
        this.inUse = inUse;
        memory.atExit(inUse);
    }

    /** Whether the holder has got it once more. */
    private boolean reenters(Thread self) {
        if (!reentrant || !mutex.isHeldBy(self)) {
            return false;
        }
        mutex.addHolds(1);
        return true;
    }

    private void refuseHolder(Thread self) {
        if (mutex.isHeldBy(self)) {
            throw new IllegalStateException("this thread holds " + memory.name()
                    + " already, and would wait for itself; a SharedReentrantLock may be taken again");
        }
    }

    /**
     * Takes the lock; waits for it as long as it takes, and does not heed interrupts meanwhile.
     *
     * @throws OwnerDiedException if a holder has died; the lock is not held then
     * @throws NotRecoverableException if it was given up
     * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
     *         it does not have the lock then
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    @Override
    public void lock() {
        Thread self = Thread.currentThread();
        if (!mutex.tryFast(self)) {
            lockUninterruptibly(self, false);
        }
    }

    private void lockUninterruptibly(Thread self, boolean repairs) {
        try {
            lockSlowly(self, repairs, Long.MAX_VALUE, false);
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    private boolean lockSlowly(Thread self, boolean repairs, long deadline, boolean interruptibly)
            throws InterruptedException {
        if (reenters(self)) {
            return true;
        }
        refuseHolder(self);
        if (!memory.isFair()
                && (mutex.tryOnce(self, repairs) || Deadline.left(deadline) > 0 && mutex.trySpinning(self))) {
            return true;
        }
        return mutex.acquire(repairs, deadline, interruptibly);
    }

    /**
     * Takes the lock, unless the thread is interrupted before or while it waits.
     *
     * @throws InterruptedException if the thread is interrupted; its interrupt status is cleared, the lock is not held
     * @throws OwnerDiedException if a holder has died; the lock is not held then
     * @throws NotRecoverableException if it was given up
     * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
     *         it does not have the lock then
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Thread self = Thread.currentThread();
        if (!mutex.tryFast(self)) {
            lockSlowly(self, false, Long.MAX_VALUE, true);
        }
    }

    /**
     * Takes the lock if it is free, also before others who wait for a fair one.
     *
     * @return whether it was
     * @throws OwnerDiedException if a holder has died; the lock is not held then
     * @throws NotRecoverableException if it was given up
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    @Override
    public boolean tryLock() {
        Thread self = Thread.currentThread();
        return mutex.tryFast(self) || reenters(self) || mutex.tryOnce(self, false);
    }

    /**
     * Takes the lock; waits for it for a while.
     *
     * @param time how long at most; zero or less tries once
     * @param unit of what
     * @return false if the time has passed
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; the lock is not held then
     * @throws OwnerDiedException if a holder has died; the lock is not held then
     * @throws NotRecoverableException if it was given up
     * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
     *         it does not have the lock then
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        Objects.requireNonNull(unit, "unit");
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Thread self = Thread.currentThread();
        if (mutex.tryFast(self) || reenters(self)) {
            return true;
        }
        if (!reentrant && mutex.isHeldBy(self)) {
            return mutex.acquire(false, Deadline.in(time, unit), true);
        }
        return lockSlowly(self, false, Deadline.in(time, unit), true);
    }

    /**
     * Gives the lock back, or one hold of it.
     *
     * @throws IllegalMonitorStateException if this thread does not hold it
     */
    @Override
    public void unlock() {
        Thread self = Thread.currentThread();
        if (mutex.holds(self) > 1) {
            mutex.addHolds(-1);
        } else {
            mutex.release(self);
        }
    }

    /**
     * Takes the lock, also if a holder has died: then the guard says so, and has to be told what came of it.
     *
     * @return that the lock is held; to be closed by this thread
     * @throws NotRecoverableException if it was given up
     * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
     *         it does not have the lock then
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public LockGuard acquire() {
        Thread self = Thread.currentThread();
        if (mutex.tryFast(self)) {
            return new LockGuard(mutex, false, this::unlock);
        }
        lockUninterruptibly(self, true);
        return guard(self);
    }

    /**
     * As {@link #acquire()}, for a while.
     *
     * @param timeout how long at most; zero or less tries once
     * @return that the lock is held; to be closed by this thread
     * @throws IpcTimeoutException if the time has passed; the message names the holder, when its process started, and
     *         how long it has held the lock at least
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; the lock is not held then
     * @throws NotRecoverableException if it was given up
     * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
     *         it does not have the lock then
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public LockGuard acquire(Duration timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Thread self = Thread.currentThread();
        if (mutex.tryFast(self)) {
            return new LockGuard(mutex, false, this::unlock);
        }
        if (!lockSlowly(self, true, Waiter.deadline(timeout), true)) {
            throw new IpcTimeoutException(memory.name() + " could not be had within " + timeout + "; it is held by "
                    + holderText() + ", and " + getQueueLength() + " more wait");
        }
        return guard(self);
    }

    /**
     * As {@link #acquire()}, if the lock is free.
     *
     * @return that the lock is held, to be closed by this thread; or null
     * @throws NotRecoverableException if it was given up
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public LockGuard tryAcquire() {
        Thread self = Thread.currentThread();
        return reenters(self) || mutex.tryOnce(self, true) ? guard(self) : null;
    }

    /**
     * As {@link #acquire()}, for one who has got {@link OwnerDiedException}. Another may be faster: then the guard says
     * that no owner died.
     *
     * @return that the lock is held; to be closed by this thread
     * @throws NotRecoverableException if it was given up
     * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
     *         it does not have the lock then
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public LockGuard recover() {
        return acquire();
    }

    private LockGuard guard(Thread self) {
        return new LockGuard(mutex, mutex.holds(self) == 1 && mutex.isInconsistent(), this::unlock);
    }

    /** Who keeps others out. */
    List<SyncHolder> holders() {
        return mutex.holders();
    }

    private String holderText() {
        List<SyncHolder> holders = holders();
        return holders.isEmpty() ? "nobody now" : holders.get(0).toString();
    }

    /**
     * The next condition of this object: the first call returns the first, and so on. Those of other objects of the
     * same lock, in this process or another, are the same by their order. So all must ask for the same ones, in the
     * same order; or use {@link #condition names}.
     *
     * @return a condition of the lock
     * @throws IllegalStateException if there are 128 already
     */
    @Override
    public Condition newCondition() {
        return conditions.next();
    }

    /**
     * The condition of a name, the same for all processes.
     *
     * @param name 1 to 52 bytes in UTF-8
     * @return a condition of the lock
     * @throws IllegalArgumentException if that is no name
     * @throws org.jvmipc.ChannelFullException if there are 64 names already
     */
    public Condition condition(String name) {
        return conditions.named(name);
    }

    /**
     * Whether somebody holds it, for people: it may have changed already.
     *
     * @return true if so, also if that one has died and nobody has noticed
     */
    public boolean isLocked() {
        return mutex.isHeld();
    }

    /**
     * Whether the calling thread holds it, by this object.
     *
     * @return true if so
     */
    public boolean isHeldByCurrentThread() {
        return mutex.isHeldBy(Thread.currentThread());
    }

    /**
     * How often the calling thread holds it, by this object.
     *
     * @return 0 if not
     */
    public int getHoldCount() {
        return mutex.holds(Thread.currentThread());
    }

    /**
     * Whether those who wait get it in the order in which they came.
     *
     * @return as its creator wanted
     */
    public final boolean isFair() {
        return memory.isFair();
    }

    /**
     * Whether threads of any process wait for it, for people: it may have changed already.
     *
     * @return true if so
     */
    public final boolean hasQueuedThreads() {
        return getQueueLength() > 0;
    }

    /**
     * Whether a thread waits for it, by this object.
     *
     * @param thread of this process
     * @return true if so
     */
    public final boolean hasQueuedThread(Thread thread) {
        return waiters.isWaiting(thread, WaitState.ACQUIRERS);
    }

    /**
     * How many threads of all processes wait for it, for people: it may have changed already.
     *
     * @return how many
     */
    public final int getQueueLength() {
        return waiters.count(WaitState.ACQUIRERS, -1);
    }

    /**
     * Whether threads of any process wait at a condition.
     *
     * @param condition of this lock
     * @return true if so
     * @throws IllegalMonitorStateException if this thread does not hold the lock
     * @throws IllegalArgumentException if it is a condition of another lock
     */
    public boolean hasWaiters(Condition condition) {
        return getWaitQueueLength(condition) > 0;
    }

    /**
     * How many threads of all processes wait at a condition.
     *
     * @param condition of this lock
     * @return how many
     * @throws IllegalMonitorStateException if this thread does not hold the lock
     * @throws IllegalArgumentException if it is a condition of another lock
     */
    public int getWaitQueueLength(Condition condition) {
        return conditions.count(condition);
    }

    /**
     * What stands in the memory, for people and tools.
     *
     * @return who holds it, who waits, and whether it is consistent
     */
    public SyncStatus status() {
        memory.checkOpen();
        List<SyncHolder> holders = mutex.holders();
        return new SyncStatus(memory.name(), memory.kind(), memory.isFair(), mutex.state(),
                holders.isEmpty() ? 0 : holders.get(0).holds(), holders, waiters.list());
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
     * Leaves it; the last one who does removes it, unless a holder has died and nobody has repaired what it left: then
     * it stays, for those who come later to be told. Threads that wait by this object go on with {@link
     * org.jvmipc.ChannelClosedException}. Idempotent.
     *
     * @throws IllegalStateException if a thread holds it by this object; it stays open
     */
    @Override
    public void close() {
        memory.close(inUse, "holds it; unlock it first");
    }

    @Override
    public String toString() {
        return memory + (mutex.isHeld() ? ", held by " + holderText() : ", free");
    }
}

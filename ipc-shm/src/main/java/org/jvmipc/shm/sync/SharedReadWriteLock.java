package org.jvmipc.shm.sync;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.jvmipc.PeerInfo;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * A {@link ReadWriteLock} between processes: many may read at the same time, or one may write. Both locks may be taken
 * again by a thread that holds them.
 *
 * <p>All that is said of {@link SharedLock} holds for the write lock. Besides:
 *
 * <p><b>Order.</b> Who wants to write waits for those who read, and nobody begins to read meanwhile: readers cannot
 * starve a writer, fair or not. In a fair one all wait in the order in which they came, and readers that stand next to
 * each other read together.
 *
 * <p><b>Downgrade.</b> Who writes may take the read lock and then give back the write lock, and nobody writes in
 * between. The other way round is impossible: who reads and wants to write gets an {@link IllegalStateException}, or
 * no lock in time.
 *
 * <p><b>Death.</b> A process that dies reading has changed nothing, and is counted no more as soon as somebody waits
 * to write. If one dies writing, both locks throw {@link OwnerDiedException}, until somebody who has recovered the
 * {@linkplain #writeLock() write lock} marks it consistent. If it dies waiting for readers to go, it has changed
 * nothing.
 */
public final class SharedReadWriteLock implements ReadWriteLock, AutoCloseable {
    private final SyncMemory memory;
    private final Waiters waiters;
    private final Mutex mutex;
    private final Readers readers;
    private final ReadLock readLock;
    private final WriteLock writeLock;

    private SharedReadWriteLock(SyncMemory memory) {
        this.memory = memory;
        this.waiters = new Waiters(memory);
        this.readers = new Readers(memory, waiters);
        this.mutex = new Mutex(memory, waiters, readers);
        this.readLock = new ReadLock(memory, new ReadSide(memory, waiters, mutex, readers));
        this.writeLock = new WriteLock(this);
    }

    /**
     * A lock in a segment.
     *
     * @param segment where; its type becomes that of a read-write lock
     * @return what opens it
     */
    public static SyncBuilder<SharedReadWriteLock> in(SharedSegmentBuilder segment) {
        return new SyncBuilder<>(segment, SyncKind.READ_WRITE_LOCK, SharedReadWriteLock::new);
    }

    /**
     * Opens the lock of a name, or creates one that is not fair.
     *
     * @param name as for {@link SharedSegment#posix}
     * @return the open lock
     */
    public static SharedReadWriteLock named(String name) {
        return in(SharedSegment.posix(name)).openOrCreate();
    }

    @Override
    public ReadLock readLock() {
        return readLock;
    }

    @Override
    public WriteLock writeLock() {
        return writeLock;
    }

    /**
     * Whether those who wait get it in the order in which they came.
     *
     * @return as its creator wanted
     */
    public boolean isFair() {
        return memory.isFair();
    }

    /**
     * How often the read lock is held by threads of all processes, for people: it may have changed already.
     *
     * @return how often, with what dead processes held and nobody has noticed
     */
    public int getReadLockCount() {
        return readers.count();
    }

    /**
     * How often the calling thread holds the read lock, by this object.
     *
     * @return 0 if not
     */
    public int getReadHoldCount() {
        return readers.holds();
    }

    /**
     * Whether somebody writes. Who waits for those who read does not write yet.
     *
     * @return true if so
     */
    public boolean isWriteLocked() {
        return mutex.isHeldAlone();
    }

    /**
     * Whether the calling thread writes, by this object.
     *
     * @return true if so
     */
    public boolean isWriteLockedByCurrentThread() {
        return writeLock.isHeldByCurrentThread();
    }

    /**
     * How often the calling thread holds the write lock, by this object.
     *
     * @return 0 if not
     */
    public int getWriteHoldCount() {
        return writeLock.getHoldCount();
    }

    /**
     * Whether threads of any process wait for one of the locks.
     *
     * @return true if so
     */
    public boolean hasQueuedThreads() {
        return writeLock.hasQueuedThreads();
    }

    /**
     * Whether a thread waits for one of the locks, by this object.
     *
     * @param thread of this process
     * @return true if so
     */
    public boolean hasQueuedThread(Thread thread) {
        return writeLock.hasQueuedThread(thread);
    }

    /**
     * How many threads of all processes wait for one of the locks.
     *
     * @return how many
     */
    public int getQueueLength() {
        return writeLock.getQueueLength();
    }

    /**
     * Whether threads of any process wait at a condition of the write lock.
     *
     * @param condition of the write lock
     * @return true if so
     * @throws IllegalMonitorStateException if this thread does not hold the write lock
     * @throws IllegalArgumentException if it is a condition of another lock
     */
    public boolean hasWaiters(Condition condition) {
        return writeLock.hasWaiters(condition);
    }

    /**
     * How many threads of all processes wait at a condition of the write lock.
     *
     * @param condition of the write lock
     * @return how many
     * @throws IllegalMonitorStateException if this thread does not hold the write lock
     * @throws IllegalArgumentException if it is a condition of another lock
     */
    public int getWaitQueueLength(Condition condition) {
        return writeLock.getWaitQueueLength(condition);
    }

    /**
     * What stands in the memory, for people and tools.
     *
     * @return who writes, or else which processes read, and how often, with those threads of them that wait for
     *         something else; who waits, and whether it is consistent
     */
    public SyncStatus status() {
        memory.checkOpen();
        List<SyncHolder> holders = holders();
        return new SyncStatus(memory.name(), memory.kind(), memory.isFair(), mutex.state(),
                holders.stream().mapToLong(SyncHolder::holds).sum(), holders, waiters.list());
    }

    /** Who writes, or else who reads. Who waits for readers has the word, but does not write yet. */
    private List<SyncHolder> holders() {
        return mutex.isHeldAlone() ? mutex.holders() : readers.holders(mutex.drainingMillis());
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
     * Leaves it; the last one who does removes it, unless a writer has died and nobody has repaired what it left: then
     * it stays, for those who come later to be told. Threads that wait by this object go on with {@link
     * org.jvmipc.ChannelClosedException}. Idempotent.
     *
     * @throws IllegalStateException if a thread holds one of its locks by this object; it stays open
     */
    @Override
    public void close() {
        writeLock.close();
    }

    @Override
    public String toString() {
        return memory + (mutex.isHeldAlone() ? ", writing" : ", " + readers.count() + " reading");
    }

    /** The lock to write under. {@link #close} closes the read lock, too. */
    public static final class WriteLock extends AbstractSharedLock {
        private final SharedReadWriteLock both;

        private WriteLock(SharedReadWriteLock both) {
            super(both.memory, both.waiters, both.mutex, true, () -> both.mutex.isOwn() || both.readers.isOwn());
            this.both = both;
        }

        @Override
        public SyncStatus status() {
            return both.status();
        }

        @Override
        List<SyncHolder> holders() {
            return both.holders();
        }
    }

    /** The lock to read under. It has no conditions. */
    public static final class ReadLock implements Lock {
        private final SyncMemory memory;
        private final ReadSide side;

        private ReadLock(SyncMemory memory, ReadSide side) {
            this.memory = memory;
            this.side = side;
        }

        /**
         * Takes the lock; waits as long as somebody writes, and does not heed interrupts meanwhile.
         *
         * @throws OwnerDiedException if one has died writing; the lock is not held then
         * @throws NotRecoverableException if it was given up
         * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
         *         it does not read then
         * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
         */
        @Override
        public void lock() {
            if (!side.reenters() && !side.tryFast()) {
                try {
                    acquire(Long.MAX_VALUE, false);
                } catch (InterruptedException never) {
                    throw new IllegalStateException(never);
                }
            }
        }

        private boolean acquire(long deadline, boolean interruptibly) throws InterruptedException {
            return !memory.isFair() && side.tryOnce() || side.acquire(deadline, interruptibly);
        }

        /**
         * Takes the lock, unless the thread is interrupted before or while it waits.
         *
         * @throws InterruptedException if the thread is interrupted; the lock is not held then
         * @throws OwnerDiedException if one has died writing; the lock is not held then
         * @throws NotRecoverableException if it was given up
         * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
         *         it does not read then
         * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
         */
        @Override
        public void lockInterruptibly() throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (!side.reenters() && !side.tryFast()) {
                acquire(Long.MAX_VALUE, true);
            }
        }

        /**
         * Takes the lock if nobody writes, also before others who wait.
         *
         * @return whether it was taken
         * @throws OwnerDiedException if one has died writing; the lock is not held then
         * @throws NotRecoverableException if it was given up
         * @throws org.jvmipc.ChannelClosedException if this object is closed
         */
        @Override
        public boolean tryLock() {
            return side.reenters() || side.tryOnce();
        }

        /**
         * Takes the lock; waits for it for a while.
         *
         * @param time how long at most; zero or less tries once
         * @param unit of what
         * @return false if the time has passed
         * @throws InterruptedException if the thread is interrupted, before or meanwhile; the lock is not held then
         * @throws OwnerDiedException if one has died writing; the lock is not held then
         * @throws NotRecoverableException if it was given up
         * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
         *         it does not read then
         * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
         */
        @Override
        public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
            Objects.requireNonNull(unit, "unit");
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return side.reenters() || side.tryFast() || acquire(Deadline.in(time, unit), true);
        }

        /**
         * Gives back one hold of the lock.
         *
         * @throws IllegalMonitorStateException if this thread does not hold it
         */
        @Override
        public void unlock() {
            side.release();
        }

        /**
         * Refuses: many may hold this lock, so nobody could wait for a change under it.
         *
         * @throws UnsupportedOperationException always; the write lock has conditions
         */
        @Override
        public Condition newCondition() {
            throw new UnsupportedOperationException("a read lock has no conditions; use those of the write lock");
        }

        @Override
        public String toString() {
            return "read lock of " + memory;
        }
    }
}

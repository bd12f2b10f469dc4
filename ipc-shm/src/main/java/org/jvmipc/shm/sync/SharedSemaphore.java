package org.jvmipc.shm.sync;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jvmipc.PeerInfo;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * A counting semaphore between threads of any number of processes, with the methods of {@link
 * java.util.concurrent.Semaphore} and what these do. One with a single permit is a binary semaphore.
 *
 * <pre>{@code
 * try (SharedSemaphore free = SharedSemaphore.named("free", 16)) {
 *     free.acquire();
 *     ...
 *     free.release();
 * }
 * }</pre>
 *
 * <p><b>Order.</b> Those who wait get permits in the order in which they came. If it is not fair, those who come while
 * there are enough do not wait for them; so do the forms of {@code tryAcquire} without a time always.
 *
 * <p><b>Death.</b> A thread takes its permits when it wakes up, and not before, so one that dies waiting has taken
 * none, and whoever stands behind it goes on within about 0.2 s, or 0.3 s if it is stopped. A permit has no owner: who
 * acquired it need not be the one who releases it, and if a process dies that has some they are gone, as with any
 * semaphore. Where each process releases what it acquired itself, {@link #releaseAbandoned} gives back those of the
 * dead.
 *
 * <p><b>Waiting.</b> While nobody waits, each method is one or two atomic operations, and no system call. Who waits
 * spins for some microseconds and then sleeps in the kernel; virtual threads park. Up to 512 threads stand in the
 * queue; more try again every 16 ms.
 *
 * <p><b>Memory.</b> What a thread does before it releases happens before what another does after it has acquired, in
 * whatever process, for memory that both have mapped.
 *
 * <p>The layout is in {@code docs/formats/primitives.md}.
 */
public final class SharedSemaphore implements AutoCloseable {
    private final SyncMemory memory;
    private final Waiters waiters;
    private final Balances balances;
    private final Permits permits;

    private SharedSemaphore(SyncMemory memory) {
        if (memory.parameter() != (int) memory.parameter()) {
            throw new SegmentCorruptedException(memory.name() + " began with " + memory.parameter()
                    + " permits, which is no int; remove it");
        }
        this.memory = memory;
        this.waiters = new Waiters(memory);
        this.balances = new Balances(memory);
        this.permits = new Permits(memory, waiters, (int) memory.parameter(), Integer.MAX_VALUE, balances);
        memory.atExit(() -> {
            balances.awaitAll();
            return false;
        });
    }

    /**
     * A semaphore in a segment. Whoever opens it must want as many permits as its creator.
     *
     * @param segment where; its type becomes that of a semaphore
     * @param permits how many there are at first; if negative, so many must be released before one can be had
     * @return what opens it
     */
    public static SyncBuilder<SharedSemaphore> in(SharedSegmentBuilder segment, int permits) {
        return new SyncBuilder<>(segment, SyncKind.SEMAPHORE, permits, true, SharedSemaphore::new);
    }

    /**
     * Opens the semaphore of a name, or creates one that is not fair.
     *
     * @param name as for {@link SharedSegment#posix}
     * @param permits how many there are at first
     * @return the open semaphore
     * @throws org.jvmipc.IncompatibleChannelException if there is one that began with another number
     */
    public static SharedSemaphore named(String name, int permits) {
        return in(SharedSegment.posix(name), permits).openOrCreate();
    }

    /**
     * Opens the semaphore of a name, whatever it began with.
     *
     * @param name as for {@link SharedSegment#posix}
     * @return the open semaphore
     * @throws org.jvmipc.ChannelNotFoundException if it does not exist
     */
    public static SharedSemaphore open(String name) {
        return new SyncBuilder<>(SharedSegment.posix(name), SyncKind.SEMAPHORE, SharedSemaphore::new).open();
    }

    private static void checkPermits(int count) {
        if (count < 0) {
            throw new IllegalArgumentException(count + " permits; a number from 0 on is needed");
        }
    }

    private boolean takesAtOnce(int count) {
        return permits.tryTake(count, !memory.isFair());
    }

    /**
     * Takes a permit; waits for it.
     *
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; it has taken none
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public void acquire() throws InterruptedException {
        acquire(1);
    }

    /**
     * Takes permits, all at once; waits for them.
     *
     * @param count how many
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; it has taken none
     * @throws IllegalArgumentException if that is negative
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public void acquire(int count) throws InterruptedException {
        checkPermits(count);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!takesAtOnce(count)) {
            permits.take(count, Long.MAX_VALUE, true);
        }
    }

    /**
     * Takes a permit; waits for it, and does not heed interrupts meanwhile.
     *
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public void acquireUninterruptibly() {
        acquireUninterruptibly(1);
    }

    /**
     * Takes permits, all at once; waits for them, and does not heed interrupts meanwhile.
     *
     * @param count how many
     * @throws IllegalArgumentException if that is negative
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public void acquireUninterruptibly(int count) {
        checkPermits(count);
        if (!takesAtOnce(count)) {
            try {
                permits.take(count, Long.MAX_VALUE, false);
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
        }
    }

    /**
     * Takes a permit if there is one, also before others who wait for a fair one.
     *
     * @return whether there was
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public boolean tryAcquire() {
        return tryAcquire(1);
    }

    /**
     * Takes permits if there are enough, also before others who wait for a fair one.
     *
     * @param count how many
     * @return whether there were
     * @throws IllegalArgumentException if that is negative
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public boolean tryAcquire(int count) {
        checkPermits(count);
        return permits.tryTake(count, true);
    }

    /**
     * Takes a permit; waits for it for a while.
     *
     * @param timeout how long at most; zero or less does not wait
     * @param unit of what
     * @return false if the time has passed
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; it has taken none
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public boolean tryAcquire(long timeout, TimeUnit unit) throws InterruptedException {
        return tryAcquire(1, timeout, unit);
    }

    /**
     * Takes permits, all at once; waits for them for a while.
     *
     * @param count how many
     * @param timeout how long at most; zero or less does not wait
     * @param unit of what
     * @return false if the time has passed
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; it has taken none
     * @throws IllegalArgumentException if the number is negative
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public boolean tryAcquire(int count, long timeout, TimeUnit unit) throws InterruptedException {
        checkPermits(count);
        Objects.requireNonNull(unit, "unit");
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return takesAtOnce(count) || timeout > 0 && permits.take(count, Deadline.in(timeout, unit), true);
    }

    /**
     * Gives a permit back, or adds one. Any thread may.
     *
     * @throws Error if there would be more than {@link Integer#MAX_VALUE}
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public void release() {
        release(1);
    }

    /**
     * Gives permits back, or adds some. Any thread may.
     *
     * @param count how many
     * @throws IllegalArgumentException if that is negative
     * @throws Error if there would be more than {@link Integer#MAX_VALUE}
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public void release(int count) {
        checkPermits(count);
        memory.checkOpen();
        permits.add(count, false);
    }

    /**
     * How many permits there are, for people: it may have changed already.
     *
     * @return how many; negative if so many are missing
     */
    public int availablePermits() {
        return permits.available();
    }

    /**
     * Takes all permits there are; if their number is negative, it becomes 0.
     *
     * @return the number before
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public int drainPermits() {
        memory.checkOpen();
        return permits.drain();
    }

    /**
     * Takes permits away without waiting for them, so that their number may become negative.
     *
     * @param reduction how many
     * @throws IllegalArgumentException if that is negative
     * @throws Error if the number would be less than {@link Integer#MIN_VALUE}
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public void reducePermits(int reduction) {
        checkPermits(reduction);
        memory.checkOpen();
        permits.reduce(reduction);
    }

    /**
     * Gives back what processes had that have died, or left: what they took by their objects less what they gave back,
     * as {@link #status} shows it. Only for semaphores of which each process releases what it acquired itself. A
     * permit that was taken or given back at the very moment of the death may be missing.
     *
     * @return how many permits that were
     * @throws org.jvmipc.IpcTimeoutException if another process is doing so, and is stopped
     * @throws Error if there would be more than {@link Integer#MAX_VALUE}
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public int releaseAbandoned() {
        memory.checkOpen();
        return permits.giveAbandoned();
    }

    /**
     * Whether those who come wait behind those who wait already.
     *
     * @return as its creator wanted
     */
    public boolean isFair() {
        return memory.isFair();
    }

    /**
     * Whether threads of any process wait for permits, for people: it may have changed already.
     *
     * @return true if so
     */
    public boolean hasQueuedThreads() {
        return getQueueLength() > 0;
    }

    /**
     * How many threads of all processes wait for permits, for people: it may have changed already.
     *
     * @return how many
     */
    public int getQueueLength() {
        return waiters.count(WaitState.ACQUIRERS, -1);
    }

    /**
     * What stands in the memory, for people and tools. Its holders are the processes that took more than they gave
     * back.
     *
     * @return who has permits, who waits, and how many permits there are
     */
    public SyncStatus status() {
        memory.checkOpen();
        return new SyncStatus(memory.name(), memory.kind(), memory.isFair(), SyncState.CONSISTENT,
                permits.available(), balances.holders(), waiters.list());
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
     * org.jvmipc.ChannelClosedException}. Permits are given back by nobody. Idempotent.
     */
    @Override
    public void close() {
        memory.close(() -> false, "", balances::end);
    }

    @Override
    public String toString() {
        return memory + ", " + permits.available() + " permits";
    }
}

package org.jvmipc.shm.sync;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jvmipc.PeerInfo;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * Lets threads of any number of processes wait until something has been done so often, with the methods of {@link
 * java.util.concurrent.CountDownLatch} and what these do. It cannot be set back; whoever needs that uses a {@link
 * SharedBarrier}, or destroys it and begins anew.
 *
 * <p><b>Death.</b> A process that dies waiting is missed by nobody. It is not known who is to count down, so if that
 * one dies those who wait go on waiting: wait for a while and look who is {@linkplain #participants there}.
 *
 * <p><b>Waiting.</b> Counting down is one compare-and-set, and no system call as long as nobody waits. Who waits spins
 * for some microseconds and then sleeps in the kernel; virtual threads park. Up to 512 threads are woken at once; more
 * look every 16 ms.
 *
 * <p><b>Memory.</b> What a thread does before it counts down happens before what another does after it has waited, in
 * whatever process, for memory that both have mapped.
 *
 * <p>The layout is in {@code docs/formats/primitives.md}.
 */
public final class SharedCountDownLatch implements AutoCloseable {
    /** The word has in its upper half how often it was counted down. */
    private static final int DONE_SHIFT = 32;

    private final SyncMemory memory;
    private final Waiters waiters;
    private final int initial;

    private SharedCountDownLatch(SyncMemory memory) {
        if (memory.parameter() < 0 || memory.parameter() > Integer.MAX_VALUE) {
            throw new SegmentCorruptedException(memory.name() + " began with the count " + memory.parameter()
                    + ", allowed are 0 to " + Integer.MAX_VALUE + "; remove it");
        }
        this.memory = memory;
        this.waiters = new Waiters(memory);
        this.initial = (int) memory.parameter();
    }

    /**
     * A latch in a segment. Whoever opens it must want the same count as its creator.
     *
     * @param segment where; its type becomes that of a latch
     * @param count how often it has to be counted down
     * @return what opens it
     * @throws IllegalArgumentException if that is negative
     */
    public static SyncBuilder<SharedCountDownLatch> in(SharedSegmentBuilder segment, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("the count " + count + " is negative; use a number from 0 on");
        }
        return new SyncBuilder<>(segment, SyncKind.COUNT_DOWN_LATCH, count, true, SharedCountDownLatch::new);
    }

    /**
     * Opens the latch of a name, or creates one.
     *
     * @param name as for {@link SharedSegment#posix}
     * @param count how often it has to be counted down
     * @return the open latch
     * @throws IllegalArgumentException if that is negative
     * @throws org.jvmipc.IncompatibleChannelException if there is one that began with another count
     */
    public static SharedCountDownLatch named(String name, int count) {
        return in(SharedSegment.posix(name), count).openOrCreate();
    }

    /**
     * Opens the latch of a name, whatever it began with.
     *
     * @param name as for {@link SharedSegment#posix}
     * @return the open latch
     * @throws org.jvmipc.ChannelNotFoundException if it does not exist
     */
    public static SharedCountDownLatch open(String name) {
        return new SyncBuilder<>(SharedSegment.posix(name), SyncKind.COUNT_DOWN_LATCH, SharedCountDownLatch::new)
                .open();
    }

    private int left(long word) {
        return Math.max(0, initial - (int) (word >>> DONE_SHIFT));
    }

    private boolean isOpen(long word) {
        return left(word) == 0;
    }

    /**
     * Waits until the count is zero.
     *
     * @throws InterruptedException if the thread is interrupted, before or meanwhile
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public void await() throws InterruptedException {
        await(Long.MAX_VALUE);
    }

    /**
     * Waits until the count is zero, for a while.
     *
     * @param timeout how long at most; zero or less does not wait
     * @param unit of what
     * @return false if the time has passed
     * @throws InterruptedException if the thread is interrupted, before or meanwhile
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        Objects.requireNonNull(unit, "unit");
        return await(Deadline.in(timeout, unit));
    }

    private boolean await(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        memory.checkOpen();
        return isOpen(memory.get(SyncLayout.WORD))
                || waiters.acquire(new Opening(memory, this::isOpen), WaitState.SHARED, deadline, true);
    }

    /**
     * Makes the count one less, and lets all who wait go on if it becomes zero. Does nothing if it is zero.
     *
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public void countDown() {
        memory.checkOpen();
        while (true) {
            long word = memory.get(SyncLayout.WORD);
            if (isOpen(word)) {
                return;
            }
            long next = word + (1L << DONE_SHIFT);
            boolean opens = isOpen(next);
            if (memory.compareAndSet(SyncLayout.WORD, word, opens ? next & ~Opening.CONTENDED : next)) {
                if (opens && (word & Opening.CONTENDED) != 0) {
                    waiters.signalAll(WaitState.ACQUIRERS);
                }
                return;
            }
        }
    }

    /**
     * The count.
     *
     * @return how often it still has to be counted down
     */
    public long getCount() {
        return left(memory.get(SyncLayout.WORD));
    }

    /**
     * What stands in the memory, for people and tools. It has no holders.
     *
     * @return who waits, and the count
     */
    public SyncStatus status() {
        memory.checkOpen();
        return new SyncStatus(memory.name(), memory.kind(), memory.isFair(), SyncState.CONSISTENT, getCount(),
                List.of(), waiters.list());
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
     * org.jvmipc.ChannelClosedException}. Idempotent.
     */
    @Override
    public void close() {
        memory.close(() -> false, "");
    }

    @Override
    public String toString() {
        return memory + ", count " + getCount();
    }
}

package org.jvmipc.shm.sync;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.PeerInfo;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * Something that happens, for threads of any number of processes: it is set, or not, and threads wait until it is. As
 * {@code ManualResetEvent} and {@code AutoResetEvent} of .NET, or the events of Windows:
 * <ul>
 * <li>a {@linkplain #manual manual} one, once set, lets all pass until it is cleared. Who waits when it is set goes
 *     on, even if it is cleared before that thread has woken up;
 * <li>an {@linkplain #auto automatic} one lets one thread pass, and is cleared by that. Who waits longest is first,
 *     and, if it is fair, newcomers wait behind it. If it is set twice before a thread has gone on, one passes.
 * </ul>
 *
 * <p><b>Death.</b> A thread clears an automatic event when it wakes up, and not before: one that dies, or is stopped,
 * waiting has not used it, and whoever stands behind it goes on within about 0.3 s.
 *
 * <p><b>Waiting.</b> While nobody waits, no method makes a system call. Who waits spins for some microseconds and then
 * sleeps in the kernel; virtual threads park. Up to 512 threads are woken at once; more look every 16 ms.
 *
 * <p><b>Memory.</b> What a thread does before it sets the event happens before what another does that has waited for
 * it, in whatever process, for memory that both have mapped.
 *
 * <p>The layout is in {@code docs/formats/primitives.md}.
 */
public final class SharedEvent implements AutoCloseable {
    /** In the word of a manual one: it is set. */
    static final long SET = 2;
    /** Above, how often it was set. */
    private static final int TIMES_SHIFT = 32;
    private static final long AUTO = 1;

    private final SyncMemory memory;
    private final Waiters waiters;
    /** Null in a manual one. */
    private final Permits permits;

    private SharedEvent(SyncMemory memory, long type) {
        if (memory.parameter() != type) {
            throw new IncompatibleChannelException(memory.name() + " is an event of type " + memory.parameter()
                    + ", wanted is " + type + "; 0 is reset by hand, 1 by itself");
        }
        this.memory = memory;
        this.waiters = new Waiters(memory);
        this.permits = type == AUTO ? new Permits(memory, waiters, 0, 1, null) : null;
    }

    /**
     * An event in a segment that stays set until it is cleared.
     *
     * @param segment where; its type becomes that of an event
     * @return what opens it
     */
    public static SyncBuilder<SharedEvent> manual(SharedSegmentBuilder segment) {
        return new SyncBuilder<>(segment, SyncKind.EVENT, memory -> new SharedEvent(memory, 0));
    }

    /**
     * An event in a segment that is cleared by the one thread that it lets pass.
     *
     * @param segment where; its type becomes that of an event
     * @return what opens it
     */
    public static SyncBuilder<SharedEvent> auto(SharedSegmentBuilder segment) {
        return new SyncBuilder<>(segment, SyncKind.EVENT, AUTO, false, memory -> new SharedEvent(memory, AUTO));
    }

    /**
     * Opens the event of a name that stays set, or creates one that is not set.
     *
     * @param name as for {@link SharedSegment#posix}
     * @return the open event
     */
    public static SharedEvent manual(String name) {
        return manual(SharedSegment.posix(name)).openOrCreate();
    }

    /**
     * Opens the event of a name that clears itself, or creates one that is not set and not fair.
     *
     * @param name as for {@link SharedSegment#posix}
     * @return the open event
     */
    public static SharedEvent auto(String name) {
        return auto(SharedSegment.posix(name)).openOrCreate();
    }

    /**
     * Whether it is cleared by the thread that it lets pass.
     *
     * @return as its creator wanted
     */
    public boolean isAuto() {
        return permits != null;
    }

    /**
     * Sets it: lets all pass who wait, or one.
     *
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public void set() {
        memory.checkOpen();
        if (isAuto()) {
            permits.add(1, true);
            return;
        }
        long word = memory.get(SyncLayout.WORD);
        while (!memory.compareAndSet(SyncLayout.WORD, word,
                (word | SET) + (1L << TIMES_SHIFT) & ~Opening.CONTENDED)) {
            word = memory.get(SyncLayout.WORD);
        }
        if ((word & Opening.CONTENDED) != 0) {
            waiters.signalAll(WaitState.ACQUIRERS);
        }
    }

    /**
     * Clears it: who comes now waits.
     *
     * @return whether it was set
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public boolean clear() {
        memory.checkOpen();
        return isAuto() ? permits.drain() > 0 : (memory.getAndAnd(SyncLayout.WORD, ~SET) & SET) != 0;
    }

    /**
     * Whether it is set, for people: it may have changed already.
     *
     * @return true if so
     */
    public boolean isSet() {
        return isAuto() ? permits.available() > 0 : (memory.get(SyncLayout.WORD) & SET) != 0;
    }

    /**
     * Waits until it is set; an automatic one is cleared by that.
     *
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; it has cleared nothing
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public void await() throws InterruptedException {
        await(Long.MAX_VALUE);
    }

    /**
     * Waits until it is set, for a while; an automatic one is cleared by that.
     *
     * @param timeout how long at most; zero or less does not wait
     * @param unit of what
     * @return false if the time has passed
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; it has cleared nothing
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
        if (isAuto()) {
            return permits.tryTake(1, !memory.isFair()) || permits.take(1, deadline, true);
        }
        long before = memory.get(SyncLayout.WORD) >>> TIMES_SHIFT;
        return isSet() || waiters.acquire(
                new Opening(memory, word -> (word & SET) != 0 || word >>> TIMES_SHIFT != before),
                WaitState.SHARED, deadline, true);
    }

    /**
     * What stands in the memory, for people and tools. It has no holders.
     *
     * @return who waits, and 1 if it is set, 0 if not
     */
    public SyncStatus status() {
        memory.checkOpen();
        return new SyncStatus(memory.name(), memory.kind(), memory.isFair(), SyncState.CONSISTENT,
                isSet() ? 1 : 0, List.of(), waiters.list());
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
        return memory + (isSet() ? ", set" : ", not set");
    }
}

package org.jvmipc.shm.sync;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import org.jvmipc.PeerInfo;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;
import org.jvmipc.spi.Waiter;

/**
 * What {@code synchronized}, {@code wait} and {@code notify} are for threads, for processes: a lock that is given back
 * by itself, and conditions that have names.
 *
 * <pre>{@code
 * try (SharedMonitor monitor = SharedMonitor.named("stock")) {
 *     monitor.run(() -> {
 *         monitor.awaitUntil("filled", () -> stock.getLong(0) > 0);
 *         stock.putLong(0, stock.getLong(0) - 1);
 *         monitor.signalAll("emptied");
 *     });
 * }
 * }</pre>
 *
 * <p>It is a {@link SharedReentrantLock}, with what is said there of objects, death, waiting and memory. Nobody needs
 * to think of lost or spurious signals who waits by {@link #awaitUntil}, and signals after each change that could
 * matter. If a process dies inside, all others throw {@link OwnerDiedException}, those who wait among them, until
 * somebody {@linkplain #recover recovers} what it left.
 */
public final class SharedMonitor implements AutoCloseable {
    private final Inner lock;
    private final Map<String, Condition> conditions = new ConcurrentHashMap<>();

    /** The lock, of which not all is to be seen. */
    private static final class Inner extends AbstractSharedLock {
        Inner(SyncMemory memory) {
            super(memory, true);
        }
    }

    private SharedMonitor(SyncMemory memory) {
        this.lock = new Inner(memory);
    }

    /**
     * A monitor in a segment.
     *
     * @param segment where; its type becomes that of a monitor
     * @return what opens it
     */
    public static SyncBuilder<SharedMonitor> in(SharedSegmentBuilder segment) {
        return new SyncBuilder<>(segment, SyncKind.MONITOR, SharedMonitor::new);
    }

    /**
     * Opens the monitor of a name, or creates one that is not fair.
     *
     * @param name as for {@link SharedSegment#posix}
     * @return the open monitor
     */
    public static SharedMonitor named(String name) {
        return in(SharedSegment.posix(name)).openOrCreate();
    }

    /**
     * Runs something while no other thread of any process is inside. May be nested.
     *
     * @param work what; its exceptions are thrown on, and the monitor is given back
     * @throws OwnerDiedException if a process has died inside; the work is not begun then
     * @throws NotRecoverableException if it was given up
     * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
     *         the work is not begun then
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public void run(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * As {@link #run}, with a result.
     *
     * @param <T> of what
     * @param work what
     * @return what it returned
     * @throws Exception what it threw
     * @throws OwnerDiedException if a process has died inside; the work is not begun then
     * @throws NotRecoverableException if it was given up
     * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
     *         the work is not begun then
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public <T> T call(Callable<T> work) throws Exception {
        lock.lock();
        try {
            return work.call();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Enters it, also if a process has died inside.
     *
     * @return that this thread is inside; tells whether somebody died, and has to be told what came of that
     * @throws NotRecoverableException if it was given up
     * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
     *         it is not inside then
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public LockGuard enter() {
        return lock.acquire();
    }

    /**
     * As {@link #enter()}, for a while, and until the thread is interrupted.
     *
     * @param timeout how long at most; zero or less does not wait
     * @return that this thread is inside
     * @throws org.jvmipc.IpcTimeoutException if the time has passed; the message names who is inside
     * @throws InterruptedException if the thread is interrupted, before or meanwhile
     * @throws NotRecoverableException if it was given up
     * @throws DeadlockException if this thread was chosen to give way in a deadlock
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public LockGuard enter(Duration timeout) throws InterruptedException {
        return lock.acquire(timeout);
    }

    /**
     * As {@link #enter()}, if nobody is inside; does not wait.
     *
     * @return that this thread is inside, or null
     * @throws NotRecoverableException if it was given up
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public LockGuard tryEnter() {
        return lock.tryAcquire();
    }

    /**
     * As {@link #enter()}, for one who has got {@link OwnerDiedException}.
     *
     * @return that this thread is inside
     * @throws NotRecoverableException if it was given up
     * @throws DeadlockException if this thread was chosen to give way in a deadlock ({@link DeadlockPolicy#BREAK});
     *         it is not inside then
     * @throws org.jvmipc.ChannelClosedException if this object is closed, before or meanwhile
     */
    public LockGuard recover() {
        return lock.recover();
    }

    /**
     * Waits, outside, until something is so; to be called inside. Does not heed interrupts.
     *
     * @param condition the name under which others signal that it may be so now, 1 to 52 bytes in UTF-8
     * @param predicate what; asked inside
     * @throws IllegalMonitorStateException if this thread is not inside
     * @throws OwnerDiedException if a process has died inside meanwhile; this thread is inside again
     * @throws NotRecoverableException if it was given up meanwhile; this thread is not inside
     * @throws org.jvmipc.ChannelClosedException if this object was closed meanwhile; this thread is not inside
     */
    public void awaitUntil(String condition, BooleanSupplier predicate) {
        Condition named = condition(condition);
        checkInside();
        while (!predicate.getAsBoolean()) {
            named.awaitUninterruptibly();
        }
    }

    /**
     * As {@link #awaitUntil(String, BooleanSupplier)}, for a while, and until the thread is interrupted.
     *
     * @param condition the name under which others signal
     * @param predicate what; asked inside, the last time after the time has passed
     * @param timeout how long at most; zero or less asks once
     * @return whether it was so
     * @throws InterruptedException if the thread is interrupted; it is inside again
     * @throws IllegalMonitorStateException if this thread is not inside
     * @throws OwnerDiedException if a process has died inside meanwhile; this thread is inside again
     */
    public boolean awaitUntil(String condition, BooleanSupplier predicate, Duration timeout)
            throws InterruptedException {
        Condition named = condition(condition);
        checkInside();
        long deadline = Waiter.deadline(timeout);
        while (!predicate.getAsBoolean()) {
            long left = Deadline.left(deadline);
            if (left <= 0) {
                return false;
            }
            named.await(left, TimeUnit.NANOSECONDS);
        }
        return true;
    }

    /**
     * Wakes the one who has waited longest at a condition, of any process; to be called inside.
     *
     * @param condition its name
     * @throws IllegalMonitorStateException if this thread is not inside
     */
    public void signal(String condition) {
        condition(condition).signal();
    }

    /**
     * Wakes all who wait at a condition, of all processes; to be called inside.
     *
     * @param condition its name
     * @throws IllegalMonitorStateException if this thread is not inside
     */
    public void signalAll(String condition) {
        condition(condition).signalAll();
    }

    private void checkInside() {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException("this thread is not inside " + lock.name()
                    + "; call it within run() or call()");
        }
    }

    /**
     * A condition itself.
     *
     * @param name 1 to 52 bytes in UTF-8
     * @return as those of locks
     * @throws IllegalArgumentException if that is no name
     * @throws org.jvmipc.ChannelFullException if there are 64 names already
     */
    public Condition condition(String name) {
        return conditions.computeIfAbsent(name, lock::condition);
    }

    /**
     * Whether the calling thread is inside, by this object.
     *
     * @return true if so
     */
    public boolean isHeldByCurrentThread() {
        return lock.isHeldByCurrentThread();
    }

    /**
     * What stands in the memory, for people and tools.
     *
     * @return who is inside, who waits, and whether it is consistent
     */
    public SyncStatus status() {
        return lock.status();
    }

    /**
     * What stands for its memory.
     *
     * @return a path, or a key or number of System V, or a descriptor, in words
     */
    public String name() {
        return lock.name();
    }

    /**
     * Who has it open.
     *
     * @return processes that live, this one among them, once for each object
     */
    public List<PeerInfo> participants() {
        return lock.participants();
    }

    /**
     * Leaves it; the last one who does removes it, unless a holder has died and nobody has repaired what it left: then
     * it stays, for those who come later to be told. Threads that wait by this object go on with {@link
     * org.jvmipc.ChannelClosedException}. Idempotent.
     *
     * @throws IllegalStateException if a thread is inside by this object; it stays open
     */
    @Override
    public void close() {
        lock.close();
    }

    @Override
    public String toString() {
        return lock.toString();
    }
}

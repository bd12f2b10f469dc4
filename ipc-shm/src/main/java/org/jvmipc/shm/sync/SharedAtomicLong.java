package org.jvmipc.shm.sync;

import java.io.NotSerializableException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.jvmipc.PeerInfo;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * A number that threads of any number of processes change atomically, under a name, with the methods of {@link
 * java.util.concurrent.atomic.AtomicLong} and what these do; and {@link #await}. A {@link SharedLong} is the same at
 * any place of a segment.
 *
 * <p>No method but {@link #await} waits or, as long as nobody does, makes a system call. A process that dies in the
 * middle has changed the number, or not.
 *
 * <p>The layout is in {@code docs/formats/primitives.md}.
 */
public final class SharedAtomicLong extends Number implements AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient SyncMemory memory;
    private final transient SharedLong value;

    private SharedAtomicLong(SyncMemory memory) {
        this.memory = memory;
        this.value = memory.segment().longAt(SyncLayout.PARAMETER);
    }

    /**
     * A number in a segment.
     *
     * @param segment where; its type becomes that of a number
     * @param initial what it is at first, if this creates it
     * @return what opens it
     */
    public static SyncBuilder<SharedAtomicLong> in(SharedSegmentBuilder segment, long initial) {
        return new SyncBuilder<>(segment, SyncKind.ATOMIC_LONG, initial, false, SharedAtomicLong::new);
    }

    /**
     * Opens the number of a name, or creates one that is 0.
     *
     * @param name as for {@link SharedSegment#posix}
     * @return the open number
     */
    public static SharedAtomicLong named(String name) {
        return in(SharedSegment.posix(name), 0).openOrCreate();
    }

    /**
     * Reads it.
     *
     * @return the number
     */
    public long get() {
        return value.get();
    }

    /**
     * Sets it.
     *
     * @param number the new one
     */
    public void set(long number) {
        value.set(number);
    }

    /**
     * Sets it, so that whoever reads it sees what this thread did before; others may see it a little later.
     *
     * @param number the new one
     */
    public void lazySet(long number) {
        value.setRelease(number);
    }

    /**
     * Sets it.
     *
     * @param number the new one
     * @return the one before
     */
    public long getAndSet(long number) {
        return value.getAndSet(number);
    }

    /**
     * Sets it if it is as expected.
     *
     * @param expected what it must be
     * @param number the new one
     * @return whether it was
     */
    public boolean compareAndSet(long expected, long number) {
        return value.compareAndSet(expected, number);
    }

    /**
     * Adds to it.
     *
     * @param delta how much
     * @return the number before
     */
    public long getAndAdd(long delta) {
        return value.getAndAdd(delta);
    }

    /**
     * Adds to it.
     *
     * @param delta how much
     * @return the number after
     */
    public long addAndGet(long delta) {
        return value.addAndGet(delta);
    }

    /**
     * Adds 1.
     *
     * @return the number before
     */
    public long getAndIncrement() {
        return value.getAndAdd(1);
    }

    /**
     * Takes 1 away.
     *
     * @return the number before
     */
    public long getAndDecrement() {
        return value.getAndAdd(-1);
    }

    /**
     * Adds 1.
     *
     * @return the number after
     */
    public long incrementAndGet() {
        return value.addAndGet(1);
    }

    /**
     * Takes 1 away.
     *
     * @return the number after
     */
    public long decrementAndGet() {
        return value.addAndGet(-1);
    }

    /**
     * Changes it.
     *
     * @param function makes the new number of the old; without side effects, as it is called again if others interfere
     * @return the number before
     */
    public long getAndUpdate(LongUnaryOperator function) {
        while (true) {
            long before = value.get();
            if (value.compareAndSet(before, function.applyAsLong(before))) {
                return before;
            }
        }
    }

    /**
     * Changes it.
     *
     * @param function makes the new number of the old; without side effects, as it is called again if others interfere
     * @return the number after
     */
    public long updateAndGet(LongUnaryOperator function) {
        while (true) {
            long before = value.get();
            long after = function.applyAsLong(before);
            if (value.compareAndSet(before, after)) {
                return after;
            }
        }
    }

    /**
     * Changes it.
     *
     * @param other the function's second argument
     * @param function makes the new number of the old; without side effects, as it is called again if others interfere
     * @return the number before
     */
    public long getAndAccumulate(long other, LongBinaryOperator function) {
        return getAndUpdate(before -> function.applyAsLong(before, other));
    }

    /**
     * Changes it.
     *
     * @param other the function's second argument
     * @param function makes the new number of the old; without side effects, as it is called again if others interfere
     * @return the number after
     */
    public long accumulateAndGet(long other, LongBinaryOperator function) {
        return updateAndGet(before -> function.applyAsLong(before, other));
    }

    /**
     * Waits until it is as wanted.
     *
     * @param condition what is wanted; must be quick
     * @param timeout how long at most
     * @return the number that was
     * @throws InterruptedException if the thread is interrupted, before or meanwhile
     * @throws org.jvmipc.IpcTimeoutException if the time has passed
     */
    public long await(LongPredicate condition, Duration timeout) throws InterruptedException {
        return value.await(condition, timeout);
    }

    @Override
    public int intValue() {
        return (int) get();
    }

    @Override
    public long longValue() {
        return get();
    }

    @Override
    public float floatValue() {
        return get();
    }

    @Override
    public double doubleValue() {
        return get();
    }

    /**
     * What stands in the memory, for people and tools.
     *
     * @return the number, as its count
     */
    public SyncStatus status() {
        return new SyncStatus(memory.name(), memory.kind(), false, SyncState.CONSISTENT, get(), List.of(), List.of());
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
     * Leaves it; the last one who does removes it. Other methods then throw {@link org.jvmipc.ChannelClosedException}.
     * Idempotent.
     */
    @Override
    public void close() {
        memory.close(() -> false, "");
    }

    @Override
    public String toString() {
        return Long.toString(get());
    }

    /**
     * Refuses to be serialized, which {@link Number} would allow: the number stays in shared memory.
     *
     * @return never
     * @throws NotSerializableException always
     */
    private Object writeReplace() throws NotSerializableException {
        throw new NotSerializableException("SharedAtomicLong: send its name, and open it there");
    }
}

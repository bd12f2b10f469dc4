package org.jvmipc.shm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.function.LongPredicate;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.spi.Waiter;

/**
 * A {@code long} in shared memory, as {@link java.util.concurrent.atomic.AtomicLong}, but between processes: eight
 * bytes of a {@link SharedSegment} in native byte order, at a multiple of eight. {@link #await} waits until it has a
 * value.
 *
 * <p>Any number of threads of any number of processes may use the same word, each through an object of this class or
 * as it likes. All methods but {@link #await} are lock-free and, as long as nobody sleeps, make no system call; none
 * allocates. After the segment was closed they throw {@link org.jvmipc.ChannelClosedException}.
 */
public final class SharedLong {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final SegmentMemory memory;
    private final Waits waits;
    private final SegmentMemory.Window window;
    private final SegmentMemory.Window header;
    private final int index;
    private final long offset;
    private final int line;

    SharedLong(SegmentMemory memory, Waits waits, long offset) {
        memory.checkWord(offset, Long.BYTES);
        this.memory = memory;
        this.waits = waits;
        this.window = memory.window(offset);
        this.header = memory.header();
        this.index = memory.index(offset);
        this.offset = offset;
        this.line = SharedLayout.waitLine(offset);
        window.live();
    }

    /**
     * Where it is.
     *
     * @return bytes from the beginning of the segment's memory
     */
    public long offset() {
        return offset;
    }

    /**
     * Reads it, as a volatile.
     *
     * @return the value
     */
    public long get() {
        return (long) LONG.getVolatile(window.live(), index);
    }

    /**
     * Reads it. What was written before the {@link #setRelease} that this one sees can be seen afterwards.
     *
     * @return the value
     */
    public long getAcquire() {
        return (long) LONG.getAcquire(window.live(), index);
    }

    /**
     * Writes it, as a volatile, and wakes those who wait for it.
     *
     * @param value the new value
     */
    public void set(long value) {
        ByteBuffer table = header.live();
        LONG.setVolatile(window.live(), index, value);
        Waits.wake(table, line);
    }

    /**
     * Writes it after all that was written before, and wakes nobody: this is the cheapest way, about a plain store.
     * Threads that sleep in {@link #await} notice within 0.2 s, or when {@link #signal} is called.
     *
     * @param value the new value
     */
    public void setRelease(long value) {
        LONG.setRelease(window.live(), index, value);
    }

    /** Wakes those who wait for it, to be called after {@link #setRelease} where that matters. */
    public void signal() {
        ByteBuffer table = header.live();
        VarHandle.fullFence();
        Waits.wake(table, line);
    }

    /**
     * Sets it if it has a certain value, and then wakes those who wait for it.
     *
     * @param expected the value it must have
     * @param value the new one
     * @return whether it had
     */
    public boolean compareAndSet(long expected, long value) {
        ByteBuffer table = header.live();
        boolean done = LONG.compareAndSet(window.live(), index, expected, value);
        if (done) {
            Waits.wake(table, line);
        }
        return done;
    }

    /**
     * Replaces the value, and wakes those who wait for it.
     *
     * @param value the new value
     * @return the one before
     */
    public long getAndSet(long value) {
        ByteBuffer table = header.live();
        long before = (long) LONG.getAndSet(window.live(), index, value);
        Waits.wake(table, line);
        return before;
    }

    /**
     * Adds to it, and wakes those who wait for it.
     *
     * @param delta what to add
     * @return the value before
     */
    public long getAndAdd(long delta) {
        ByteBuffer table = header.live();
        long before = (long) LONG.getAndAdd(window.live(), index, delta);
        Waits.wake(table, line);
        return before;
    }

    /**
     * Adds to it, and wakes those who wait for it.
     *
     * @param delta what to add
     * @return the value after
     */
    public long addAndGet(long delta) {
        return getAndAdd(delta) + delta;
    }

    /**
     * Waits until the value satisfies a condition, as the segment's wait strategy says: by default it spins for some
     * microseconds and then sleeps. A value that comes and goes in between may be missed. It is not noticed if the
     * process that should change it dies: give a timeout.
     *
     * @param condition must be quick and without effect; may be asked by other threads, too, and about a value several
     *        times
     * @param timeout how long at most; zero or less looks once
     * @return the value that satisfied it
     * @throws IpcTimeoutException if there was none in time
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws org.jvmipc.ChannelClosedException if the segment is closed, before or meanwhile
     */
    public long await(LongPredicate condition, Duration timeout) throws InterruptedException {
        ByteBuffer mapped = window.live();
        long[] found = new long[1];
        Thread self = Thread.currentThread();
        boolean met = waits.await(header.live(), line, () -> {
            long value = (long) LONG.getVolatile(mapped, index);
            boolean satisfied = condition.test(value);
            if (satisfied && Thread.currentThread() == self) {
                found[0] = value;
            }
            return satisfied;
        }, Waiter.deadline(timeout));
        if (met) {
            return found[0];
        }
        throw new IpcTimeoutException("the long at " + offset + " of " + memory.name() + " is " + get()
                + ", which is not what was waited for during " + timeout);
    }

    @Override
    public String toString() {
        return "long at " + offset + " of " + memory.name();
    }
}

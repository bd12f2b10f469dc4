package org.jvmipc.shm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A block of a {@link SharedPool} that this participant owns: nobody else reads or writes it until it is {@linkplain
 * #handOver() handed over} or {@linkplain #release() released}. What was written into it before that can be read by the
 * one who {@linkplain SharedPool#take takes} it.
 *
 * <p>After either, all methods but {@link #close}, {@link #isOwned}, {@link #capacity} and {@link #length} throw {@link
 * IllegalStateException}. A {@link ByteBuffer} that was kept is not disabled: it shows what the next owner writes, and
 * what is written through it damages that. It does not crash, also not when the pool was closed. Do not keep one.
 *
 * <p>A block that is forgotten stays owned until the pool is closed or the process is gone.
 *
 * <p>All methods may be called from any thread; if several give the block away at the same time, one succeeds. The
 * bytes are as plain memory is between threads.
 */
public final class PoolBlock implements AutoCloseable {
    private static final VarHandle OWNED;

    static {
        try {
            OWNED = MethodHandles.lookup().findVarHandle(PoolBlock.class, "owned", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final SharedPool pool;
    private final long handle;
    private final int length;
    private volatile boolean owned = true;

    PoolBlock(SharedPool pool, long handle, int length) {
        this.pool = pool;
        this.handle = handle;
        this.length = length;
    }

    long ticket() {
        return handle;
    }

    /**
     * How many bytes it holds at most.
     *
     * @return as given to {@link SharedPoolBuilder#blocks}
     */
    public int capacity() {
        return pool.capacity(handle);
    }

    /**
     * How many bytes are in use: as many as were asked for, or, in a block that was taken, as its sender said.
     *
     * @return 0 to {@link #capacity}
     */
    public int length() {
        return length;
    }

    /**
     * Whether this participant still has it.
     *
     * @return false after it was handed over, released or the pool was closed
     */
    public boolean isOwned() {
        return owned && pool.isOpen();
    }

    /**
     * Its bytes, in place.
     *
     * @return a new view, in native byte order, with position 0, limit {@link #length} and capacity {@link #capacity};
     *         the bytes are those that the last owner left
     * @throws IllegalStateException if it was handed over or released
     * @throws org.jvmipc.ChannelClosedException if the pool was closed
     */
    public ByteBuffer buffer() {
        if (!owned) {
            throw gone();
        }
        return pool.view(handle).limit(length);
    }

    /**
     * Gives the block to whoever {@linkplain SharedPool#take takes} it with the handle, with {@link #length} bytes.
     *
     * @return the handle, good for one {@link SharedPool#take}, by any participant, this one included; never 0
     * @throws IllegalStateException if it was handed over or released
     * @throws org.jvmipc.ChannelClosedException if the pool was closed
     */
    public long handOver() {
        return handOver(length);
    }

    /**
     * As {@link #handOver()}, and says how many bytes are in it.
     *
     * @param bytes 0 to {@link #capacity}
     * @return the handle
     * @throws IllegalArgumentException if it does not hold that many; it remains this participant's
     * @throws IllegalStateException if it was handed over or released
     * @throws org.jvmipc.ChannelClosedException if the pool was closed
     */
    public long handOver(int bytes) {
        if (bytes < 0 || bytes > capacity()) {
            throw new IllegalArgumentException(bytes + " bytes in a block of " + capacity() + "; 0 to " + capacity()
                    + " are allowed");
        }
        giveAway();
        return pool.handOver(handle, bytes);
    }

    /**
     * Gives the block back to the pool.
     *
     * @throws IllegalStateException if it was handed over or released
     * @throws org.jvmipc.ChannelClosedException if the pool was closed, and so has it back
     */
    public void release() {
        giveAway();
        pool.release(handle);
    }

    /** Releases it, if it still is this participant's. Does not throw if the pool was closed. */
    @Override
    public void close() {
        if (OWNED.compareAndSet(this, true, false)) {
            pool.releaseIfOpen(handle);
        }
    }

    private void giveAway() {
        if (!OWNED.compareAndSet(this, true, false)) {
            throw gone();
        }
    }

    private IllegalStateException gone() {
        return new IllegalStateException(this + " was handed over or released; loan another one");
    }

    @Override
    public String toString() {
        return "block " + BlockState.index(handle) + " of " + pool.name();
    }
}

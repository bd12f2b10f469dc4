package org.jvmipc.posix.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A few native buffers that threads borrow for one call, so that calls allocate nothing and virtual threads leave no
 * buffer behind. Thread-safe and non-blocking; what does not fit into the pool is left to the garbage collector.
 */
public final class NativeBufferPool {

    private final AtomicReferenceArray<NativeBuffer> slots;
    private final int smallest;
    private final int largestKept;

    /**
     * Creates an empty pool.
     *
     * @param slots how many buffers it keeps
     * @param smallest the size of the buffers it makes, in bytes, a power of two
     * @param largestKept the largest buffer it keeps, in bytes
     */
    public NativeBufferPool(int slots, int smallest, int largestKept) {
        this.slots = new AtomicReferenceArray<>(slots);
        this.smallest = smallest;
        this.largestKept = largestKept;
    }

    /**
     * Borrows a buffer.
     *
     * @param capacity the least size in bytes
     * @return a buffer with position 0, limit at its capacity and any content
     */
    public NativeBuffer take(int capacity) {
        for (int i = 0; i < slots.length(); i++) {
            NativeBuffer kept = slots.get(i);
            if (kept != null && kept.buffer().capacity() >= capacity && slots.compareAndSet(i, kept, null)) {
                kept.buffer().clear();
                return kept;
            }
        }
        int size = smallest;
        while (size < capacity) {
            size = size << 1 > 0 ? size << 1 : capacity;
        }
        return new NativeBuffer(size);
    }

    /**
     * Gives a buffer back.
     *
     * @param buffer from {@link #take}, no longer used by the caller
     */
    public void give(NativeBuffer buffer) {
        if (buffer.buffer().capacity() > largestKept) {
            return;
        }
        for (int i = 0; i < slots.length(); i++) {
            if (slots.get(i) == null && slots.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }
}

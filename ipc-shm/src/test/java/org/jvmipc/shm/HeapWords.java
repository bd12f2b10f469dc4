package org.jvmipc.shm;

import java.util.concurrent.atomic.AtomicLongArray;

/** The twin of a pool's control words on the heap, as a checker of memory models knows them. */
final class HeapWords implements PoolWords {
    private final AtomicLongArray words;

    HeapWords(int bytes) {
        words = new AtomicLongArray(bytes / Long.BYTES);
    }

    @Override
    public long get(int offset) {
        return words.get(offset / Long.BYTES);
    }

    @Override
    public long getOpaque(int offset) {
        return words.getOpaque(offset / Long.BYTES);
    }

    @Override
    public void setOpaque(int offset, long value) {
        words.setOpaque(offset / Long.BYTES, value);
    }

    @Override
    public boolean compareAndSet(int offset, long expected, long value) {
        return words.compareAndSet(offset / Long.BYTES, expected, value);
    }

    @Override
    public void or(int offset, long bits) {
        words.getAndUpdate(offset / Long.BYTES, word -> word | bits);
    }

    @Override
    public void andNot(int offset, long bits) {
        words.getAndUpdate(offset / Long.BYTES, word -> word & ~bits);
    }

    @Override
    public void add(int offset, long delta) {
        words.getAndAdd(offset / Long.BYTES, delta);
    }
}

package org.jvmipc.shm;

/**
 * The control words of a pool as its algorithm sees them. Offsets are in bytes, multiples of 8. All methods but {@link
 * #setOpaque} and {@link #getOpaque} are sequentially consistent.
 */
interface PoolWords {
    long get(int offset);

    long getOpaque(int offset);

    void setOpaque(int offset, long value);

    boolean compareAndSet(int offset, long expected, long value);

    void or(int offset, long bits);

    void andNot(int offset, long bits);

    void add(int offset, long delta);
}

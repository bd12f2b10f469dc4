package org.jvmipc.shm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/** Control words in mapped memory. */
final class MappedWords implements PoolWords {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Supplier<ByteBuffer> memory;
    private final int base;

    /**
     * Creates the view.
     *
     * @param memory gives the memory, or throws if it was closed
     * @param base where the pool begins in it
     */
    MappedWords(Supplier<ByteBuffer> memory, int base) {
        this.memory = memory;
        this.base = base;
    }

    @Override
    public long get(int offset) {
        return (long) LONG.getVolatile(memory.get(), base + offset);
    }

    @Override
    public long getOpaque(int offset) {
        return (long) LONG.getOpaque(memory.get(), base + offset);
    }

    @Override
    public void setOpaque(int offset, long value) {
        LONG.setOpaque(memory.get(), base + offset, value);
    }

    @Override
    public boolean compareAndSet(int offset, long expected, long value) {
        return LONG.compareAndSet(memory.get(), base + offset, expected, value);
    }

    @Override
    public void or(int offset, long bits) {
        LONG.getAndBitwiseOr(memory.get(), base + offset, bits);
    }

    @Override
    public void andNot(int offset, long bits) {
        LONG.getAndBitwiseAnd(memory.get(), base + offset, ~bits);
    }

    @Override
    public void add(int offset, long delta) {
        LONG.getAndAdd(memory.get(), base + offset, delta);
    }
}

package org.jvmipc.mq.internal.group;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Words in mapped memory. */
record MappedWords(ByteBuffer memory) implements Words {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    @Override
    public long get(int offset) {
        return (long) LONG.getVolatile(memory, offset);
    }

    @Override
    public void set(int offset, long value) {
        LONG.setVolatile(memory, offset, value);
    }

    @Override
    public boolean compareAndSet(int offset, long expected, long value) {
        return LONG.compareAndSet(memory, offset, expected, value);
    }
}

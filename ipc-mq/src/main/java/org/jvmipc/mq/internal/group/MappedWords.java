package org.jvmipc.mq.internal.group;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Words in mapped memory. When they are closed they let go of it, so that it can be unmapped. */
final class MappedWords implements Words {
    /** In place of what is not open any more, so that nobody has to ask. */
    private static final ByteBuffer CLOSED =
            ByteBuffer.allocateDirect(GroupLayout.fileSize(0)).order(ByteOrder.nativeOrder());
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private ByteBuffer memory;

    MappedWords(ByteBuffer memory) {
        this.memory = memory;
    }

    ByteBuffer memory() {
        return memory;
    }

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

    void close() {
        memory = CLOSED;
    }
}

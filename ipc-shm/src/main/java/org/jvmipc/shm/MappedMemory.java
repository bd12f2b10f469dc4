package org.jvmipc.shm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory of a mapped file. It is unmapped by the GC when nobody can reach it any more, so no use of it can crash. */
final class MappedMemory implements RingMemory {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    /** Up to here a loop of longs is faster than a bulk copy. */
    private static final int SMALL = 128;

    private final ByteBuffer buffer;
    private final ByteBuffer window;

    MappedMemory(ByteBuffer buffer) {
        this.buffer = buffer;
        this.window = buffer.asReadOnlyBuffer();
    }

    @Override
    public long getOpaque(int offset) {
        return (long) LONG.getOpaque(buffer, offset);
    }

    @Override
    public long getAcquire(int offset) {
        return (long) LONG.getAcquire(buffer, offset);
    }

    @Override
    public void setOpaque(int offset, long value) {
        LONG.setOpaque(buffer, offset, value);
    }

    @Override
    public void setRelease(int offset, long value) {
        LONG.setRelease(buffer, offset, value);
    }

    @Override
    public void publish(int cleared, int offset, long word) {
        ByteBuffer to = buffer;
        // The release orders it; a plain store lets the compiler check the buffer once for it and the payload.
        LONG.set(to, cleared, 0L);
        LONG.setRelease(to, offset, word);
    }

    @Override
    public void write(int offset, ByteBuffer source, int length) {
        ByteBuffer to = buffer;
        int from = source.position();
        if (length > SMALL) {
            to.put(offset, source, from, length);
            return;
        }
        int i = 0;
        // Four at a time: the compiler makes more of that than of a loop that is soon over.
        for (; i <= length - 32; i += 32) {
            long a = (long) LONG.get(source, from + i);
            long b = (long) LONG.get(source, from + i + 8);
            long c = (long) LONG.get(source, from + i + 16);
            long d = (long) LONG.get(source, from + i + 24);
            LONG.set(to, offset + i, a);
            LONG.set(to, offset + i + 8, b);
            LONG.set(to, offset + i + 16, c);
            LONG.set(to, offset + i + 24, d);
        }
        for (; i <= length - 8; i += 8) {
            LONG.set(to, offset + i, (long) LONG.get(source, from + i));
        }
        for (; i < length; i++) {
            to.put(offset + i, source.get(from + i));
        }
    }

    @Override
    public ByteBuffer read(int offset, int length) {
        // A handler may have set what it liked on the one before.
        return window.order(ByteOrder.BIG_ENDIAN).limit(offset + length).position(offset);
    }

    @Override
    public ByteBuffer lend(int offset, int length) {
        return buffer.slice(offset, length);
    }
}

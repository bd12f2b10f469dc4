package org.jvmipc.shm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Memory of a mapped file. It is unmapped by the GC when nobody can reach it any more, so no use of it can crash.
 *
 * <p>On processors with total store order, ordered accesses are plain ones of a {@link LongBuffer} with a fence beside
 * them, which is no instruction there and only keeps the compiler from moving things; they take half the time of those
 * through a {@link VarHandle}, which checks more. Aligned words of 64 bits are not torn on any JVM of 64 bits. On other
 * processors, where a fence is a costly instruction and a load or store with its order built in is not, it is the
 * {@code VarHandle}.
 */
final class MappedMemory extends RingMemory {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final boolean TOTAL_STORE_ORDER =
            "amd64".equals(System.getProperty("os.arch")) || "x86_64".equals(System.getProperty("os.arch"));
    /** Up to here a loop is faster than a copy in bulk. */
    private static final int SMALL = 56;

    private final ByteBuffer buffer;
    private final LongBuffer words;
    private final ByteBuffer window;

    /** Views a buffer that begins at a multiple of 8. */
    MappedMemory(ByteBuffer buffer) {
        this.buffer = buffer.duplicate().order(ByteOrder.nativeOrder());
        this.words = buffer.duplicate().order(ByteOrder.nativeOrder()).clear().asLongBuffer();
        this.window = buffer.asReadOnlyBuffer();
    }

    @Override
    long getOpaque(int offset) {
        return TOTAL_STORE_ORDER ? getAcquire(offset) : (long) LONG.getOpaque(buffer, offset);
    }

    @Override
    long glance(int offset) {
        return TOTAL_STORE_ORDER ? words.get(offset >>> 3) : (long) LONG.getOpaque(buffer, offset);
    }

    @Override
    long getAcquire(int offset) {
        if (TOTAL_STORE_ORDER) {
            long value = words.get(offset >>> 3);
            VarHandle.acquireFence();
            return value;
        }
        return (long) LONG.getAcquire(buffer, offset);
    }

    @Override
    void setOpaque(int offset, long value) {
        if (TOTAL_STORE_ORDER) {
            words.put(offset >>> 3, value);
        } else {
            LONG.setOpaque(buffer, offset, value);
        }
    }

    @Override
    void setRelease(int offset, long value) {
        if (TOTAL_STORE_ORDER) {
            VarHandle.releaseFence();
            words.put(offset >>> 3, value);
        } else {
            LONG.setRelease(buffer, offset, value);
        }
    }

    @Override
    boolean compareAndSet(int offset, long expected, long value) {
        return LONG.compareAndSet(buffer, offset, expected, value);
    }

    @Override
    void publish(int cleared, int offset, long word, int after, long value) {
        if (TOTAL_STORE_ORDER) {
            LongBuffer to = words;
            to.put(cleared >>> 3, 0);
            VarHandle.releaseFence();
            to.put(offset >>> 3, word);
            VarHandle.releaseFence();
            to.put(after >>> 3, value);
        } else {
            // The first release orders the clearing, too.
            LONG.set(buffer, cleared, 0L);
            LONG.setRelease(buffer, offset, word);
            LONG.setRelease(buffer, after, value);
        }
    }

    @Override
    void write(int offset, ByteBuffer source, int start, int length) {
        int from = start;
        if (length > SMALL || (length & 7) != 0 || !TOTAL_STORE_ORDER) {
            buffer.put(offset, source, from, length);
            return;
        }
        LongBuffer to = words;
        int at = offset >>> 3;
        if ((length & 32) != 0) {
            long a = (long) LONG.get(source, from);
            long b = (long) LONG.get(source, from + 8);
            long c = (long) LONG.get(source, from + 16);
            long d = (long) LONG.get(source, from + 24);
            to.put(at, a).put(at + 1, b).put(at + 2, c).put(at + 3, d);
            from += 32;
            at += 4;
        }
        if ((length & 16) != 0) {
            long a = (long) LONG.get(source, from);
            long b = (long) LONG.get(source, from + 8);
            to.put(at, a).put(at + 1, b);
            from += 16;
            at += 2;
        }
        if ((length & 8) != 0) {
            to.put(at, (long) LONG.get(source, from));
        }
    }

    @Override
    ByteBuffer read(int offset, int length) {
        // A handler may have set what it liked on the one before.
        if (window.order() != ByteOrder.BIG_ENDIAN) {
            window.order(ByteOrder.BIG_ENDIAN);
        }
        return window.limit(offset + length).position(offset);
    }

    @Override
    ByteBuffer lend(int offset, int length) {
        return buffer.slice(offset, length);
    }
}

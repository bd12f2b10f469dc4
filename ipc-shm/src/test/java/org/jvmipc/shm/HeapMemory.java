package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLongArray;

/** The twin of mapped memory on the heap, made of words as a checker of memory models knows them. */
final class HeapMemory extends RingMemory {
    private final AtomicLongArray words;

    HeapMemory(int bytes) {
        words = new AtomicLongArray(bytes / Long.BYTES);
    }

    private static int index(int offset) {
        if ((offset & 7) != 0) {
            throw new IllegalArgumentException("offset " + offset);
        }
        return offset / Long.BYTES;
    }

    @Override
    long getOpaque(int offset) {
        return words.getOpaque(index(offset));
    }

    @Override
    long getAcquire(int offset) {
        return words.getAcquire(index(offset));
    }

    @Override
    void setOpaque(int offset, long value) {
        words.setOpaque(index(offset), value);
    }

    @Override
    void setRelease(int offset, long value) {
        words.setRelease(index(offset), value);
    }

    @Override
    boolean compareAndSet(int offset, long expected, long value) {
        return words.compareAndSet(index(offset), expected, value);
    }

    @Override
    void write(int offset, ByteBuffer source, int from, int length) {
        ByteBuffer padded = ByteBuffer.allocate(length + 7 & -8).order(ByteOrder.nativeOrder());
        padded.put(0, source, from, length);
        for (int i = 0; i < padded.capacity(); i += 8) {
            words.setPlain(index(offset + i), padded.getLong(i));
        }
    }

    @Override
    ByteBuffer read(int offset, int length) {
        ByteBuffer copy = ByteBuffer.allocate(length + 7 & -8).order(ByteOrder.nativeOrder());
        for (int i = 0; i < copy.capacity(); i += 8) {
            copy.putLong(i, words.getPlain(index(offset + i)));
        }
        return copy.limit(length).asReadOnlyBuffer();
    }

    @Override
    ByteBuffer lend(int offset, int length) {
        throw new UnsupportedOperationException("words on the heap cannot be lent as bytes");
    }
}

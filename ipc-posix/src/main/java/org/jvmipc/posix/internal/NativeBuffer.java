package org.jvmipc.posix.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.jvmipc.posix.MemoryCalls;

/** A direct buffer in native byte order together with its address. */
public final class NativeBuffer {

    private static final ThreadLocal<NativeBuffer> SMALL = ThreadLocal.withInitial(() -> new NativeBuffer(64));

    private final ByteBuffer buffer;
    private final long address;

    /**
     * Allocates.
     *
     * @param capacity in bytes
     */
    public NativeBuffer(int capacity) {
        buffer = ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
        address = MemoryCalls.address(buffer);
    }

    /**
     * Returns 64 bytes for one structure of one call, private to the calling thread, which should be a platform thread.
     *
     * @return the same buffer at each call, with any content
     */
    public static NativeBuffer ofThread() {
        return SMALL.get();
    }

    /**
     * Returns the buffer.
     *
     * @return direct, in native order
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Returns the address of the buffer's first byte. It is good only while this object is reachable.
     *
     * @return never 0
     */
    public long address() {
        return address;
    }

    /**
     * Writes a {@code struct timespec}.
     *
     * @param offset where, in bytes
     * @param nanos a duration, not negative
     * @return its address
     */
    public long putTimespec(int offset, long nanos) {
        buffer.putLong(offset, nanos / 1_000_000_000L);
        buffer.putLong(offset + 8, nanos % 1_000_000_000L);
        return address + offset;
    }
}

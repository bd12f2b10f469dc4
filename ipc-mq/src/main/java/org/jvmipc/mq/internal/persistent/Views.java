package org.jvmipc.mq.internal.persistent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.core.io.ReferenceOwner;
import net.openhft.chronicle.wire.Wires;
import org.jvmipc.posix.MemoryCalls;

/**
 * Shows what Chronicle has mapped as buffers. Chronicle unmaps a part of a file when it is done with it; so that a
 * buffer that somebody has kept cannot crash the JVM, the part is held until nobody can reach a buffer of it any more.
 * Used by one thread at a time.
 */
final class Views {
    /** Bytes of the word in front of each document. */
    static final int HEADER = 4;

    private static final Cleaner CLEANER = Cleaner.create();
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private BytesStore<?, ?> store;
    private long start;
    /** Documents that begin before this are of the part; they may reach beyond it. */
    private int end;
    private int capacity;
    private ByteBuffer words;
    private ByteBuffer payload;
    private ByteBuffer readOnly;

    /** Looks at a part. */
    void show(BytesStore<?, ?> mapped) {
        if (mapped != store) {
            map(mapped);
        }
    }

    private void map(BytesStore<?, ?> mapped) {
        ReferenceOwner owner = ReferenceOwner.temporary("jvmipc view");
        mapped.reserve(owner);
        start = mapped.start();
        end = Math.toIntExact(mapped.safeLimit() - start);
        capacity = Math.toIntExact(mapped.realCapacity());
        ByteBuffer all = MemoryCalls.wrap(mapped.addressForRead(start), capacity);
        CLEANER.register(all, () -> mapped.release(owner));
        words = all.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        payload = all.duplicate().order(ByteOrder.BIG_ENDIAN);
        readOnly = all.asReadOnlyBuffer().order(ByteOrder.BIG_ENDIAN);
        store = mapped;
    }

    /** Lets go of what it looks at. */
    void close() {
        store = null;
        words = null;
        payload = null;
        readOnly = null;
        end = 0;
    }

    /** Where an offset in the file is in the buffers. */
    int at(long offset) {
        return Math.toIntExact(offset - start);
    }

    /** Where an index of the buffers is in the file. */
    long offset(int at) {
        return start + at;
    }

    /** Whether a document that begins at an offset in the file is of this part. */
    boolean holds(long offset) {
        return offset >= start && offset - start < end;
    }

    /** Whether a document with its header at an index is of this part, and can have a length. */
    boolean holds(int at, int length) {
        return at >= 0 && at < end && length <= capacity - HEADER - at;
    }

    /** The header at an index; what was written before it was set is seen. */
    int header(int at) {
        return (int) INT.getAcquire(words, at);
    }

    /** Sets a header, by which its document can be read. */
    void header(int at, int value) {
        INT.setRelease(words, at, value);
    }

    /** Where the next header is behind the document with a header. */
    static int behind(int at, int header) {
        return aligned(at + HEADER + Wires.lengthOf(header));
    }

    /** Where the next header is behind a document that ends somewhere. */
    static int aligned(int end) {
        return end + (-end & HEADER - 1);
    }

    /** Wipes a part. */
    void wipe(int at, int length) {
        for (int i = at; i < at + length; i++) {
            words.put(i, (byte) 0);
        }
    }

    /** All of it, little-endian, to be used by absolute positions. */
    ByteBuffer words() {
        return words;
    }

    /** A writable buffer of its own for a message, big-endian, from position 0. */
    ByteBuffer writable(int at, int length) {
        return payload.slice(at, length).order(ByteOrder.BIG_ENDIAN);
    }

    /** A message in place; always the same buffer. */
    ByteBuffer readable(int at, int length) {
        return readOnly.clear().limit(at + length).position(at).order(ByteOrder.BIG_ENDIAN);
    }
}

package org.jvmipc.mq.internal.persistent;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.core.io.ReferenceOwner;
import org.jvmipc.posix.MemoryCalls;

/**
 * Shows what Chronicle has mapped as buffers. Chronicle unmaps a part of a file when it is done with it; so that a
 * buffer that somebody has kept cannot crash the JVM, the part is held until nobody can reach a buffer of it any more.
 * Used by one thread at a time.
 */
final class Views {
    private static final Cleaner CLEANER = Cleaner.create();

    private BytesStore<?, ?> store;
    private long start;
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
        ByteBuffer all = MemoryCalls.wrap(mapped.addressForRead(start), Math.toIntExact(mapped.realCapacity()));
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
    }

    /** Where an offset in the file is in the buffers. */
    int at(long offset) {
        return Math.toIntExact(offset - start);
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

package org.jvmipc.shm;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * How much memory closed segments still hold. A segment is not unmapped when it is closed, as a thread may be in the
 * middle of using it, or a handler may have kept the buffer that it was given: an access after that would end the JVM.
 * The GC unmaps it when nobody can reach it any more. As a mapping of a gigabyte is a small object to the GC, it may
 * take its time; therefore it is asked to run ({@link System#gc}) when more than {@link #LIMIT} bytes wait for it. A
 * JVM that is told to ignore this ({@code -XX:+DisableExplicitGC}) frees them with its next ordinary collections.
 */
final class ClosedMappings {
    static final long LIMIT = 256L << 20;

    private static final ClosedMappings ALL = new ClosedMappings();

    private final ReferenceQueue<ByteBuffer> collected = new ReferenceQueue<>();
    private final Set<Mapping> waiting = new HashSet<>();
    private long bytes;
    private long askedAt;

    /** A closed mapping that may still be there. */
    private static final class Mapping extends PhantomReference<ByteBuffer> {
        final long size;

        Mapping(ByteBuffer buffer, ReferenceQueue<ByteBuffer> queue) {
            super(buffer, queue);
            this.size = buffer.capacity();
        }
    }

    private ClosedMappings() {
    }

    /** A segment was closed; asks the GC to run if too much is waiting for it. */
    static void add(ByteBuffer mapping) {
        if (ALL.count(mapping)) {
            System.gc();
        }
    }

    /** The bytes that wait for the GC. */
    static long bytes() {
        return ALL.current();
    }

    private synchronized long current() {
        forgetCollected();
        return bytes;
    }

    /** Asks once per {@link #LIMIT}, so that mappings that are kept on purpose do not cost a GC with every close. */
    private synchronized boolean count(ByteBuffer mapping) {
        forgetCollected();
        Mapping closed = new Mapping(mapping, collected);
        waiting.add(closed);
        bytes += closed.size;
        askedAt = Math.min(askedAt, bytes);
        if (bytes - askedAt <= LIMIT) {
            return false;
        }
        askedAt = bytes;
        return true;
    }

    private void forgetCollected() {
        for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
            Mapping mapping = (Mapping) gone;
            if (waiting.remove(mapping)) {
                bytes -= mapping.size;
            }
        }
    }
}

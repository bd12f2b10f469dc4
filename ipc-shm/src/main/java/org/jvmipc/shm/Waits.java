package org.jvmipc.shm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jvmipc.posix.FutexReadiness;
import org.jvmipc.spi.Waiter;

/**
 * The threads of this process that wait for a change in a {@link SharedSegment}. They sleep on the futex words of a
 * table in its header, found by the offset of what they wait for: so words of the user's need no neighbours, and
 * whoever changes one looks at a line that nobody writes while nobody sleeps. Two words may share a line of the table;
 * then threads wake for nothing, and look.
 */
final class Waits {
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final boolean maySleep;
    private final Waiter waiter;
    private final Set<Bell> bells = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Waits(SegmentRequest.Terms terms) {
        this.maySleep = terms.maySleep();
        this.waiter = new Waiter(terms.strategy());
    }

    /**
     * After a volatile store or atomic update of a word: wakes those who wait for it, in all processes, if there are
     * any. Store and look are volatile, so a sleeper that has announced itself is seen, or sees the store.
     *
     * @param header the first window of the segment
     * @param line of {@link SharedLayout#waitLine}
     */
    static void wake(ByteBuffer header, int line) {
        if ((int) INT.getVolatile(header, line + SharedLayout.WAIT_ANNOUNCEMENT) != 0) {
            FutexReadiness.signal(header, line + SharedLayout.WAIT_SEQUENCE, line + SharedLayout.WAIT_ANNOUNCEMENT);
        }
    }

    /**
     * Waits until a condition holds.
     *
     * @param over the condition; only what this thread finds of it counts, but others may ask for it, too
     * @return false if it did not hold by the deadline, or the segment was closed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    boolean await(ByteBuffer header, int line, BooleanSupplier over, long deadline) throws InterruptedException {
        if (over.getAsBoolean()) {
            return true;
        }
        Bell bell = bell(header, line, () -> closed || isOver(over));
        bells.add(bell);
        try {
            while (!closed && waiter.await(bell, deadline)) {
                if (over.getAsBoolean()) {
                    return true;
                }
            }
            return false;
        } finally {
            bells.remove(bell);
            bell.close();
        }
    }

    /** As the thread that waits will find it; its exceptions are thrown there. */
    private static boolean isOver(BooleanSupplier over) {
        try {
            return over.getAsBoolean();
        } catch (RuntimeException | Error thrownToTheCaller) {
            return true;
        }
    }

    private Bell bell(ByteBuffer header, int line, BooleanSupplier ready) {
        if (maySleep) {
            FutexReadiness futex = new FutexReadiness(header, line + SharedLayout.WAIT_SEQUENCE,
                    line + SharedLayout.WAIT_ANNOUNCEMENT, ready);
            return new Bell(futex, futex::close);
        }
        PollingReadiness polling = new PollingReadiness(ready);
        return new Bell(polling, polling::close);
    }

    /** Ends all waiting. */
    void close() {
        closed = true;
        bells.forEach(Bell::close);
    }
}

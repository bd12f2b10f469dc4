package org.jvmipc.shm.sync;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * Locks or semaphores for the many states that live at the same time; each is used again and again.
 *
 * @param <T> what
 */
final class Pool<T> {
    /** Several times as many as live at the same time: see the stride in {@code StressTest}. */
    private static final int COUNT = 256;

    private final Object[] all;
    private final AtomicInteger next = new AtomicInteger();

    /** Makes all of them, in memory without names. */
    Pool(Function<SharedSegmentBuilder, SyncBuilder<T>> kind) {
        this.all = IntStream.range(0, COUNT)
                .mapToObj(i -> kind.apply(SharedSegment.memfd("stress")).create()).toArray();
    }

    @SuppressWarnings("unchecked")
    T next() {
        return (T) all[next.getAndIncrement() & COUNT - 1];
    }
}

package org.jvmipc.shm.sync;

import java.util.Comparator;

/**
 * A thread of any process, the same whatever it holds or waits for.
 *
 * @param process as {@link org.jvmipc.shm.SegmentView#process}
 * @param thread its number, the lowest 28 bits
 */
record Actor(String process, long thread) implements Comparable<Actor> {
    private static final Comparator<Actor> ORDER =
            Comparator.comparing(Actor::process).thenComparingLong(Actor::thread);

    @Override
    public int compareTo(Actor other) {
        return ORDER.compare(this, other);
    }
}

package org.jvmipc.internal;

import org.jvmipc.spi.CounterStore;

/** One call that has to wait, from its first wait to its end: counted, and told to others if it lasts. */
final class Pause {
    /** Less than the longest sleep at a stretch, so that a call that waits on after that is marked. */
    private static final long MARKED_MILLIS = 150;

    private final EndCounters counters;
    private final long since = System.currentTimeMillis();
    private boolean marked;

    private Pause(EndCounters counters) {
        this.counters = counters;
        counters.count(CounterStore.WAITS);
    }

    /** To be called before each wait, with what it returned before the last one, or null. */
    static Pause next(Pause before, EndCounters counters) {
        if (before == null) {
            return new Pause(counters);
        }
        before.goesOn();
        return before;
    }

    private void goesOn() {
        counters.count(CounterStore.WAKE_UPS);
        if (!marked && System.currentTimeMillis() - since >= MARKED_MILLIS) {
            marked = true;
            counters.mark(since);
        }
    }

    /** The call has ended; null if it did not wait. */
    static void end(Pause pause) {
        if (pause != null) {
            pause.counters.count(CounterStore.WAKE_UPS);
            if (pause.marked) {
                pause.counters.unmark(pause.since);
            }
        }
    }
}

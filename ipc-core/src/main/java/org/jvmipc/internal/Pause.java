package org.jvmipc.internal;

import org.jvmipc.spi.CounterStore;
import org.jvmipc.spi.Flight;

/** One call that has to wait, from its first wait to its end: counted, and told to others if it lasts. */
final class Pause {
    /** Less than the longest sleep at a stretch, so that a call that waits on after that is marked. */
    private static final long MARKED_MILLIS = 150;

    private final EndCounters counters;
    private final Flight.Span span;
    private final long since = System.currentTimeMillis();
    private boolean marked;

    private Pause(EndCounters counters) {
        this.counters = counters;
        this.span = Flight.begin(counters.sends() ? Flight.Kind.SEND_BLOCKED : Flight.Kind.RECEIVE_IDLE);
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
            if (pause.span != null) {
                pause.span.end(pause.counters.address());
            }
        }
    }
}

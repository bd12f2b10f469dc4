package org.jvmipc.benchmarks;

import java.util.List;
import java.util.function.BiFunction;

/** How long a comparison is going to take, if no pair is thrown away. */
final class Effort {
    /** Starting the sides of a run, and ending them, on an ordinary machine. */
    private static final long START_MILLIS = 700;
    /** Finding the floor before and after a pair. */
    private static final long FLOOR_MILLIS = 300;
    private static final long MILLIS_OF_WAKING = 2;

    private final CompareOptions options;

    Effort(CompareOptions options) {
        this.options = options;
    }

    /**
     * How many seconds, about.
     *
     * @param rivals with whom the subject is compared in a kind of measurement with messages of a size
     */
    long seconds(BiFunction<Kind, Integer, List<Contestant>> rivals) {
        long millis = 0;
        for (Kind kind : options.kinds()) {
            for (int size : options.sizes(kind)) {
                long peers = rivals.apply(kind, size).size();
                long pairs = Math.min(options.pairs(), kind.mostPairs());
                // Each is tried with a few messages before.
                millis += (peers == 0 ? 0 : peers + 1) * START_MILLIS
                        + peers * pairs * (2 * (START_MILLIS + run(kind)) + FLOOR_MILLIS);
            }
        }
        return (millis + 999) / 1000;
    }

    private long run(Kind kind) {
        return switch (kind) {
            // One after the other, and then at a rate.
            case ROUND_TRIP -> 2L * (options.warmupMillis() + options.millis());
            case WAKE_UP -> MILLIS_OF_WAKING * options.wakings();
            case IDLE -> options.idleMillis();
            default -> options.warmupMillis() + options.millis();
        };
    }
}

package org.jvmipc.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Something that is measured on both sides, and how it came out. */
final class Contest {
    private final Kind kind;
    private final List<String> opponents;
    private final List<Pair> pairs = new ArrayList<>();

    /** What can be measured. */
    enum Kind {
        /** Messages a second in one direction. */
        THROUGHPUT("throughput", Numbers.RATE, "M messages/s", 1.0, true, List.of()),
        /** Nanoseconds to and fro. */
        ROUND_TRIP("round trip", "median", "ns (median)", 1.5, false, List.of("p99", "batched"));

        final String title;
        /** The number that is compared. */
        final String key;
        final String unit;
        /** What the ratio of Java's number to C's is to be. */
        final double target;
        /** Whether the target is the least that is good enough; else it is the most. */
        final boolean atLeast;
        /** Other numbers worth printing. */
        final List<String> details;

        Kind(String title, String key, String unit, double target, boolean atLeast, List<String> details) {
            this.title = title;
            this.key = key;
            this.unit = unit;
            this.target = target;
            this.atLeast = atLeast;
            this.details = details;
        }
    }

    /** A contest against some C programs, or none. */
    Contest(Kind kind, List<String> opponents) {
        this.kind = kind;
        this.opponents = List.copyOf(opponents);
    }

    Kind kind() {
        return kind;
    }

    List<String> opponents() {
        return opponents;
    }

    List<Pair> pairs() {
        return pairs;
    }

    void add(Pair pair) {
        pairs.add(pair);
    }

    /** The pairs that count: the steady ones, or all if there is none. */
    List<Pair> counted() {
        List<Pair> steady = pairs.stream().filter(Pair::isSteady).toList();
        return steady.isEmpty() ? pairs : steady;
    }

    double median(ToDoubleFunction<Pair> number) {
        return Numbers.median(counted().stream().map(number::applyAsDouble).toList());
    }

    double javaMedian() {
        return median(pair -> pair.java().get(kind.key));
    }

    double opponentMedian(int opponent) {
        return median(pair -> pair.c().get(opponent).get(kind.key));
    }

    /** Java over C in one pair. */
    double ratio(Pair pair, int opponent) {
        return pair.java().get(kind.key) / pair.c().get(opponent).get(kind.key);
    }

    /** The median over the pairs. */
    double ratio(int opponent) {
        return median(pair -> ratio(pair, opponent));
    }

    boolean reaches(int opponent) {
        return kind.atLeast ? ratio(opponent) >= kind.target : ratio(opponent) <= kind.target;
    }
}

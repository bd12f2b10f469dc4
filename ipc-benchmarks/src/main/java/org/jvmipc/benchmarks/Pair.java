package org.jvmipc.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One Java run and the C runs that followed it at once.
 *
 * @param floorBefore what the least round trip in C cost before the Java run, in nanoseconds; 0 without C
 * @param java what Java reached
 * @param floorAfter as before, after it
 * @param c what each of the C programs reached, in their order; empty without C
 */
record Pair(double floorBefore, Numbers java, double floorAfter, List<Numbers> c) {
    /** By how much the floor may move: the host moves virtual CPUs, and then it is four times as high, or as low. */
    private static final double TOLERANCE = 0.2;
    /** What the sides must at least have had of their CPUs. */
    private static final double LEAST_BUSY = 0.95;

    /** Whether the machine was the same all the while, and nobody else's. */
    boolean isSteady() {
        return disturbance().isEmpty();
    }

    /** What makes the pair not count; empty if nothing does. */
    String disturbance() {
        double low = Math.min(floorBefore, floorAfter);
        if (Math.max(floorBefore, floorAfter) - low > TOLERANCE * low) {
            return "the floor moved";
        }
        double busy = Stream.concat(Stream.of(java), c.stream())
                .mapToDouble(numbers -> numbers.get(Numbers.BUSY)).min().orElseThrow();
        return busy < LEAST_BUSY ? String.format(Locale.ROOT, "others had %.0f %% of a CPU", 100 - 100 * busy) : "";
    }
}

package org.jvmipc.benchmarks;

import java.util.List;

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

    /** Whether the machine was the same all the while. */
    boolean isSteady() {
        double low = Math.min(floorBefore, floorAfter);
        return Math.max(floorBefore, floorAfter) - low <= TOLERANCE * low;
    }
}

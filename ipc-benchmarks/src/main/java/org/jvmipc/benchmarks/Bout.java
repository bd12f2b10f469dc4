package org.jvmipc.benchmarks;

import java.util.Locale;

/**
 * One pair: a run of the subject and one of its peer, next to each other.
 *
 * @param floorBefore what the least round trip in C cost before, in nanoseconds; 0 if there is no C
 * @param subject what the subject reached
 * @param peer what the peer reached
 * @param floorAfter as before, after both
 * @param subjectFirst which of them ran first
 * @param spin whether both sides spin, so that their shares of their CPUs tell of others on the machine
 */
record Bout(double floorBefore, Numbers subject, Numbers peer, double floorAfter, boolean subjectFirst, boolean spin) {
    /** By how much the floor may move: the host moves virtual CPUs, and then it is four times as high, or as low. */
    private static final double TOLERANCE = 0.2;
    /** What the sides must at least have had of their CPUs. */
    private static final double LEAST_BUSY = 0.9;

    /** What makes the pair be thrown away; empty if nothing does. */
    String disturbance() {
        double low = Math.min(floorBefore, floorAfter);
        if (low > 0 && Math.max(floorBefore, floorAfter) - low > TOLERANCE * low) {
            return "the floor moved";
        }
        double busy = spin ? Math.min(subject.get(Numbers.BUSY), peer.get(Numbers.BUSY)) : 1;
        return busy < LEAST_BUSY
                ? String.format(Locale.ROOT, "others had %.0f %% of a CPU", 100 - 100 * busy) : "";
    }

    boolean counts() {
        return disturbance().isEmpty();
    }

    /** The subject's number over the peer's. */
    double ratio(Measure measure) {
        return subject.get(measure.key()) / peer.get(measure.key());
    }
}

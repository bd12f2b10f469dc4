package org.jvmipc.benchmarks;

/** A number that both sides of a comparison have. */
enum Measure {
    /** Messages a second. */
    RATE(Numbers.RATE, "messages", "M/s", true),
    /** The median of batches of round trips: finer than the clock. */
    BATCHED("batched", "median of batches of 16", "ns", false),
    /** The median of single round trips. */
    MEDIAN("p50", "median", "ns", false),
    /** What one round trip in 1,000 takes at least. */
    P999("p99.9", "99.9 %", "ns", false),
    /** The median at a fixed rate. */
    RATE_MEDIAN("r50", "median at a fixed rate", "ns", false),
    /** What one round trip in 1,000 takes at least at a fixed rate. */
    RATE_P999("r99.9", "99.9 % at a fixed rate", "ns", false),
    /** The median of wake-ups. */
    WAKE_MEDIAN("w50", "median", "ns", false),
    /** What one wake-up in 100 takes at least. */
    WAKE_P99("w99", "99 %", "ns", false),
    /** CPU time while nothing comes. */
    IDLE(Sleeping.IDLE, "CPU time in 10 s", "s", false);

    private final String key;
    private final String title;
    private final String unit;
    private final boolean moreIsBetter;

    Measure(String key, String title, String unit, boolean moreIsBetter) {
        this.key = key;
        this.title = title;
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    /** Its name among {@link Numbers}. */
    String key() {
        return key;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }
}

package org.jvmipc.mq.internal.persistent;

import java.util.List;

/**
 * The names of roll cycles, for who must not load a class of Chronicle. {@code WEEKLY} is not among them: Chronicle
 * names such files by weeks as the locale counts them, while its cycles begin on Thursdays, so that neither it nor
 * anybody else can tell from a name which cycle a file is.
 */
final class RollCycleNames {
    /** What is taken if nothing is said. */
    static final String USUAL = "FAST_DAILY";
    static final List<String> ALL = List.of("FIVE_MINUTELY", "TEN_MINUTELY", "TWENTY_MINUTELY", "HALF_HOURLY",
            "FAST_HOURLY", "TWO_HOURLY", "FOUR_HOURLY", "SIX_HOURLY", USUAL, "MINUTELY", "HOURLY", "DAILY",
            "LARGE_HOURLY", "LARGE_DAILY", "XLARGE_DAILY", "HUGE_DAILY", "TEST_SECONDLY");

    private RollCycleNames() {
    }
}

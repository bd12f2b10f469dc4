package org.jvmipc.mq.internal.persistent;

import java.util.List;

/** The names of roll cycles, for who must not load a class of Chronicle. */
final class RollCycleNames {
    /** What is taken if nothing is said. */
    static final String USUAL = "FAST_DAILY";
    static final String WEEKLY = "WEEKLY";
    static final List<String> ALL = List.of("FIVE_MINUTELY", "TEN_MINUTELY", "TWENTY_MINUTELY", "HALF_HOURLY",
            "FAST_HOURLY", "TWO_HOURLY", "FOUR_HOURLY", "SIX_HOURLY", USUAL, WEEKLY, "MINUTELY", "HOURLY", "DAILY",
            "LARGE_HOURLY", "LARGE_DAILY", "XLARGE_DAILY", "HUGE_DAILY", "TEST_SECONDLY");

    private RollCycleNames() {
    }
}

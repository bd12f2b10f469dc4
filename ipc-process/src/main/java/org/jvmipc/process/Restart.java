package org.jvmipc.process;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * When a process of a group is started again after it has ended, and how soon. Immutable.
 *
 * <p>Between an end and the next start there is a pause, which doubles each time up to a limit, and is short again
 * after the process has run for a while. More restarts than a limit allows within a period are taken for a fault that
 * restarting does not mend: then the group fails. Both rules are those of the supervisors of Erlang/OTP (its "restart
 * intensity") and of most that came later. The defaults: pauses of 100 ms to 5 s, short again after 10 s, at most 5
 * restarts in a minute.
 */
public final class Restart {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration HEALTHY = Duration.ofSeconds(10);
    private static final int AT_MOST = 5;
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final When when;
    private final Duration first;
    private final Duration longest;
    private final Duration healthy;
    private final int atMost;
    private final Duration period;

    /** Which ends are followed by a start. */
    public enum When {
        /** None. An end with another exit code than 0, or by a signal, fails the group. */
        NEVER,
        /** Those with another exit code than 0, or by a signal. */
        ON_FAILURE,
        /**
         * All, but for that of a process whose senders have all ended for good, with exit code 0. So a group does not
         * end by itself in which a process that receives from nobody has this policy.
         */
        ALWAYS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private Restart(When when, Duration first, Duration longest, Duration healthy, int atMost, Duration period) {
        this.when = when;
        this.first = first;
        this.longest = longest;
        this.healthy = healthy;
        this.atMost = atMost;
        this.period = period;
    }

    /**
     * Never. A failure fails the group.
     *
     * @return the policy, the default of a {@link Program}
     */
    public static Restart never() {
        return of(When.NEVER);
    }

    /**
     * After a failure: another exit code than 0, or a signal.
     *
     * @return the policy
     */
    public static Restart onFailure() {
        return of(When.ON_FAILURE);
    }

    /**
     * After each end, but see {@link When#ALWAYS}.
     *
     * @return the policy
     */
    public static Restart always() {
        return of(When.ALWAYS);
    }

    /**
     * A policy with the default pauses and limits.
     *
     * @param when which ends are followed by a start
     * @return the policy
     */
    public static Restart of(When when) {
        return new Restart(Objects.requireNonNull(when, "when"), FIRST, LONGEST, HEALTHY, AT_MOST, PERIOD);
    }

    /**
     * Sets the pauses before a start.
     *
     * @param shortest the first one; zero for none at all
     * @param most what the pauses double up to
     * @return another policy
     * @throws IllegalArgumentException if the first is negative, or longer than the other
     */
    public Restart backoff(Duration shortest, Duration most) {
        if (shortest.isNegative() || shortest.compareTo(most) > 0) {
            throw new IllegalArgumentException("a back-off from " + shortest + " to " + most
                    + " is none; give two times, the first of which is not negative and not the longer one");
        }
        return new Restart(when, shortest, most, healthy, atMost, period);
    }

    /**
     * Sets after which time a process counts as healthy, so that the next pause is the shortest again.
     *
     * @param time how long it has run
     * @return another policy
     * @throws IllegalArgumentException if it is negative
     */
    public Restart healthyAfter(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("healthy after " + time + "; give a time that is not negative");
        }
        return new Restart(when, first, longest, time, atMost, period);
    }

    /**
     * Sets how many restarts are too many.
     *
     * @param restarts how many there may be, at least 0
     * @param within in any period of this length
     * @return another policy
     * @throws IllegalArgumentException if the number is negative or the period is not positive
     */
    public Restart atMost(int restarts, Duration within) {
        if (restarts < 0 || within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("at most " + restarts + " restarts in " + within
                    + "; give a number that is not negative, and a period that is longer than none");
        }
        return new Restart(when, first, longest, healthy, restarts, within);
    }

    /**
     * Which ends are followed by a start.
     *
     * @return the choice
     */
    public When when() {
        return when;
    }

    /**
     * The pause before the first restart.
     *
     * @return the shortest one
     */
    public Duration firstPause() {
        return first;
    }

    /**
     * What the pauses double up to.
     *
     * @return the longest one
     */
    public Duration longestPause() {
        return longest;
    }

    /**
     * After which time a process counts as healthy.
     *
     * @return the time
     */
    public Duration healthyAfter() {
        return healthy;
    }

    /**
     * How many restarts there may be in a {@link #period}.
     *
     * @return their number
     */
    public int most() {
        return atMost;
    }

    /**
     * The time in which restarts are counted.
     *
     * @return the time
     */
    public Duration period() {
        return period;
    }

    @Override
    public String toString() {
        return when == When.NEVER ? "never" : when + ", after " + first + " to " + longest + ", at most " + atMost
                + " times in " + period;
    }
}

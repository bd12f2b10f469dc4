package org.jvmipc.mq.internal.persistent;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/**
 * Where a receiver begins that has no cursor yet.
 *
 * @param place how it is said
 * @param value the number of a message, or microseconds since 1970
 */
record Start(Place place, long value) {
    static final Pattern PATTERN = Pattern.compile("start|end|index:\\d{1,18}|time:\\S{1,40}");
    static final String ALLOWED = "start | end | index:N, the number of a message | time:T, such as"
            + " time:2026-01-31T12:00:00Z";
    private static final String INDEX = "index:";
    private static final String TIME = "time:";

    /** How it is said. */
    enum Place { START, END, INDEX, TIME }

    static Start parse(String text) {
        if (text.startsWith(INDEX)) {
            return new Start(Place.INDEX, Long.parseLong(text.substring(INDEX.length())));
        }
        if (text.startsWith(TIME)) {
            try {
                return new Start(Place.TIME, QueueClock.micros(Instant.parse(text.substring(TIME.length()))));
            } catch (DateTimeParseException | ArithmeticException wrong) {
                throw new IllegalArgumentException("option start=" + text + " of queue: is not allowed; allowed is "
                        + ALLOWED, wrong);
            }
        }
        return new Start("end".equals(text) ? Place.END : Place.START, 0);
    }

    boolean isNumber() {
        return place == Place.INDEX;
    }
}

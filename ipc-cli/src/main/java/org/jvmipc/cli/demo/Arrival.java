package org.jvmipc.cli.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the consumer saw of the messages.
 *
 * @param messages how many came
 * @param finished whether the last one came
 * @param measured how many came after the clock was started
 * @param nanos how long these took
 * @param faults what was wrong
 */
record Arrival(long messages, boolean finished, long measured, long nanos, Faults faults) {
    private static final Pattern LINE = Pattern.compile(
            "(\\d+) (true|false) (\\d+) (-?\\d+) (\\d+) (\\d+) (\\d+) ?(.*)");

    /** For the line between the processes. */
    String toLine() {
        return messages + " " + finished + " " + measured + " " + nanos + " " + faults.lost() + " " + faults.changed()
                + " " + faults.disordered() + " " + faults.first();
    }

    static Arrival parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + line + "\" tells nothing of messages that came");
        }
        return new Arrival(Long.parseLong(matcher.group(1)), Boolean.parseBoolean(matcher.group(2)),
                Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4)),
                new Faults(Long.parseLong(matcher.group(5)), Long.parseLong(matcher.group(6)),
                        Long.parseLong(matcher.group(7)), matcher.group(8)));
    }
}

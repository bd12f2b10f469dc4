package org.jvmipc.cli.demo;

import java.time.Duration;

/**
 * What each row has to carry.
 *
 * @param size length of a message in bytes
 * @param messages how many messages at most, and how many round trips
 * @param sending how long to send at most
 * @param roundTrips how long to measure round trips at most
 */
public record Load(int size, long messages, Duration sending, Duration roundTrips) {
    /** The length of the header of each message, in bytes. */
    public static final int SMALLEST = TestRecord.HEADER;

    private static final Duration BY_DEFAULT = Duration.ofMillis(250);
    private static final Duration UNLIMITED = Duration.ofDays(1);

    /**
     * What was asked for on the command line.
     *
     * @param size length of a message in bytes
     * @param messages how many, or null if the time decides
     * @param duration how long to send, or null if not given
     * @return the load
     */
    public static Load of(int size, Long messages, Duration duration) {
        Duration time = duration == null ? BY_DEFAULT : duration;
        Duration sending = duration == null && messages != null ? UNLIMITED : time;
        return new Load(size, messages == null ? Long.MAX_VALUE : messages, sending, time);
    }
}

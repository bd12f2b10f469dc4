package org.jvmipc.mq.internal.group;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a consumer wants of its group. All of one group should want the same: what is done with a message is up to the
 * one who takes it.
 *
 * @param directory of the queue
 * @param name of the group
 * @param window how many messages can be in flight or wait at a time
 * @param windowGiven whether that was asked for
 * @param redeliver how often a message is delivered again before it goes to the dead letters; -1 for ever
 * @param redeliveryDelay how long a message waits that was given back, or whose consumer died
 * @param ackTimeout how long a consumer may take for a message; zero for as long as it lives
 * @param atMostOnce whether messages are done with when they are delivered
 */
public record GroupSettings(Path directory, String name, int window, boolean windowGiven, int redeliver,
        Duration redeliveryDelay, Duration ackTimeout, boolean atMostOnce) {
    /** As many as can be in flight if nothing is said. */
    public static final int WINDOW = 1024;
    /** As large as a window can be. */
    public static final int MAX_WINDOW = GroupLayout.MAX_WINDOW;

    long redeliveryMicros() {
        return micros(redeliveryDelay);
    }

    long ackMicros() {
        return micros(ackTimeout);
    }

    /**
     * A time in microseconds.
     *
     * @param time not negative
     * @return at most 2<sup>61</sup>, so that it can be added to a date
     */
    static long micros(Duration time) {
        return time.getSeconds() > Integer.MAX_VALUE ? 1L << 61
                : TimeUnit.SECONDS.toMicros(time.getSeconds()) + time.getNano() / 1000;
    }
}

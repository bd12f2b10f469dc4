package org.jvmipc.testkit.history;

/**
 * One line of a log.
 *
 * @param time of the monotonic clock, in nanoseconds
 * @param kind what happened
 * @param source who sent the message
 * @param number the message's number there
 */
record Event(long time, Kind kind, int source, long number) {
    /** What happens in a process. */
    enum Kind {
        /** The endpoint has been opened. */
        OPENED,
        /** A call is about to send. */
        INVOKED,
        /** The call said that it has sent. */
        ACCEPTED,
        /** The call said that it has not sent. */
        REFUSED,
        /** A call is about to take a message that cannot be written down before it is taken. */
        TAKING,
        /** That call has taken nothing. */
        TOOK_NOTHING,
        /** A message has come. */
        RECEIVED,
        /** Something has come that nobody can have sent. */
        DAMAGED,
        /** The process has done all that it had to: the log is complete. */
        ENDED
    }
}

package org.jvmipc.testkit.history;

/**
 * One thing in a history that must not be.
 *
 * @param rule what was broken
 * @param what how, with the sender, the message's number and the log
 */
public record Violation(Rule rule, String what) {
    /** What is promised. */
    public enum Rule {
        /** What was accepted is received, but for what a receiver took when it died and could not write down. */
        LOST,
        /** Nothing is received twice, but what a receiver had in hand when it died, by its successor. */
        DOUBLED,
        /** What is received was sent, as it is, before, and was not refused. */
        INVENTED,
        /** The messages of one sender are received in the order in which they were sent. */
        REORDERED,
        /** Calls return, and messages come, within the time limit while all whom they need are there. */
        LATE
    }

    @Override
    public String toString() {
        return rule + ": " + what;
    }
}

package org.jvmipc.mq.internal.group;

/**
 * Who takes part in a group. Each has a number that stands for a place and how often that was taken, and is not given
 * again before the place was taken 2<sup>25</sup> times. All methods may be called by any thread.
 */
interface Members {
    /** This one's number, not 0. */
    int self();

    /** Whether a member has left or died, and so writes nothing any more. */
    boolean isGone(int number);

    /** Who it is, for messages. */
    String describe(int number);

    /** How many live. */
    int count();
}

package org.jvmipc;

/** What a {@link TopicPublisher} does for a subscriber that does not keep up, once its queue is full. */
public enum SlowSubscriber {
    /** Publishing waits for the slowest one. */
    WAIT,
    /** The oldest publication that waits for it is dropped; the next one tells how many it missed. */
    DROP_OLDEST,
    /** The new publication is not sent to it; the next one tells how many it missed. */
    DROP_NEWEST,
    /** Its connection is closed, which it sees as the end. */
    DISCONNECT
}

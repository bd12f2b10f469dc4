package org.jvmipc.mq.internal.group;

/**
 * What is known of a group.
 *
 * @param unread messages that nobody has taken yet
 * @param inFlight messages that somebody has
 * @param waiting messages that are to be delivered later
 * @param committed all messages below are done with
 * @param delivered messages that were delivered for the first time
 * @param redelivered deliveries after that
 * @param moved messages that went to the dead letters
 * @param lost messages that the log did not keep until they were delivered
 * @param members consumers that live
 */
public record GroupNumbers(long unread, int inFlight, int waiting, long committed, long delivered, long redelivered,
        long moved, long lost, int members) {
    /**
     * Messages that are not done with.
     *
     * @return their number
     */
    public long depth() {
        return unread + inFlight + waiting;
    }
}

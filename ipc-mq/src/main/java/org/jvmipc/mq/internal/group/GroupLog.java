package org.jvmipc.mq.internal.group;

/**
 * A log as a group of consumers needs it: one that knows when messages are due, and rings when there are new ones.
 *
 * <p>What {@link Log} has, {@link #behindLost} and {@link #microsToWait} are called by one thread at a time; the rest
 * by any thread.
 */
public interface GroupLog extends Log, AutoCloseable {
    /**
     * How long a message is not to be delivered yet.
     *
     * @param index the number of a message that is there
     * @return microseconds from now on; 0 or less for at once
     */
    long microsToWait(long index);

    /**
     * How far there is nothing but what was lost, after {@link #next} has found no message.
     *
     * @param index the number that is wanted next
     * @return the same, or a higher one if all before that were lost
     */
    long behindLost(long index);

    /**
     * How many messages were lost that had numbers.
     *
     * @param from the least of these numbers
     * @param to the number after the last one
     * @return how many of these numbers had been given to messages
     */
    long lost(long from, long to);

    /**
     * How many messages there are.
     *
     * @param from the least number that counts
     * @return those from there to the end
     */
    long count(long from);

    /**
     * Tells how far the group has got, again and again.
     *
     * @param index all messages below are done with
     */
    void committed(long index);

    /**
     * Whether somebody waits for what {@link #committed} tells, so that it is worth while to find out at once.
     *
     * @return true if it is
     */
    boolean isAsked();

    /**
     * What is rung when a message was written.
     *
     * @return always the same
     */
    Doorbell doorbell();

    @Override
    void close();
}

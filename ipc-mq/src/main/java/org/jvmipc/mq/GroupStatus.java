package org.jvmipc.mq;

/**
 * What is known of a group of consumers. The counts are of all its time; of those one may be missing for each consumer
 * that died.
 *
 * @param depth messages that are not done with: {@code unread}, {@code inFlight} and {@code waiting}
 * @param unread messages that no consumer has taken yet
 * @param inFlight messages that consumers have and have not acknowledged
 * @param waiting messages that were given back, or are to be delivered at a later time
 * @param committed all messages of a lower index are done with
 * @param delivered messages that were delivered, each counted once
 * @param redelivered deliveries after the first
 * @param deadLettered messages that went to the dead letters
 * @param lost messages that the queue did not keep until they could be delivered
 * @param consumers consumers that live
 */
public record GroupStatus(long depth, long unread, int inFlight, int waiting, long committed, long delivered,
        long redelivered, long deadLettered, long lost, int consumers) {
}

package org.jvmipc.shm;

import java.nio.ByteBuffer;

/**
 * The sending side of a ring as {@link RingSender} uses it: by one thread at a time, but for what is said to be for
 * any. Nothing in here waits.
 */
interface OutRing {
    /** The largest message, in bytes. */
    int maxMessage();

    /** Publishes a message; false if there is no room. The buffer's position moves only if there was. */
    boolean offer(ByteBuffer message);

    /** Publishes messages of one size that lie one behind the other, as many as there is room for; tells how many. */
    default int offerAll(ByteBuffer messages, int size) {
        int limit = messages.limit();
        int count = 0;
        try {
            while (messages.position() < limit && offer(messages.limit(messages.position() + size))) {
                count++;
            }
            return count;
        } finally {
            messages.limit(limit);
        }
    }

    /** Claims room to be filled in place; null if there is none. */
    ByteBuffer tryClaim(int length);

    /** Publishes what was claimed. */
    void commitClaim();

    /** Gives back what was claimed. */
    default void abortClaim() {
        // Where a claim is this side's own business, the next message overwrites it.
    }

    /** Whether {@link #isTaken} can be told. */
    default boolean confirms() {
        return true;
    }

    /** The position after the last message, by which {@link #isTaken} knows it. */
    long position();

    /** Whether all who were to take what lies before a position have done so. For any thread. */
    boolean isTaken(long position);

    /** Whether another offer is worth while after one that was refused. For any thread. */
    boolean mayOffer();

    /** Receivers have come or gone; also called once when all is set up, and before what is claimed is published. */
    default void othersChanged(Crowd receivers) {
        // Most rings do not care.
    }

    /** Receivers may have gone, who are not to be waited for any more. For any thread. */
    default void othersGone(Crowd receivers) {
        // Most rings have one receiver.
    }

    /** Who keeps messages from being sent, for people; empty if nobody. For any thread. */
    default String heldUpBy(Crowd receivers) {
        return receivers.present();
    }

    /** Messages accepted and not yet received, -1 if unknown. For any thread. */
    long depthMessages();

    /** Bytes accepted and not yet received. For any thread. */
    long depthBytes();
}

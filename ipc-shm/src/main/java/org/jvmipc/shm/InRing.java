package org.jvmipc.shm;

import org.jvmipc.MessageHandler;

/**
 * The receiving side of a ring as {@link RingReceiver} uses it: by one thread at a time, but for what is said to be for
 * any. Nothing in here waits.
 */
interface InRing {
    /** In place of a place. */
    int UNKNOWN = -1;

    /**
     * Hands over some messages, up to {@code limit}, from one producer or several; each is taken when its handler has
     * returned or thrown.
     *
     * @return how many, 0 if there was none
     */
    int poll(MessageHandler handler, int limit);

    /**
     * Shows the message that the next {@link #poll} takes first, if no other receiver takes it before.
     *
     * @return whether there was one
     */
    boolean peek(MessageHandler handler);

    /** Whether room was made since the last {@link #wakeSenders}. */
    boolean hasFreed();

    /** Wakes those who may wait for the room that was made. */
    void wakeSenders();

    /** Senders have come or gone; also called once when all is set up. */
    void othersChanged(Crowd senders);

    /** Whether there is something to poll. For any thread. */
    boolean hasMessage();

    /** Whether this side knows where it has to begin, so that having no message means that there is none. */
    default boolean hasBegun() {
        return true;
    }

    /** The place of the one who sent the message that is being handed over, or was last; or {@link #UNKNOWN}. */
    int lastSource();

    /** The position of the message that is being handed over, in the ring of the one who sent it. */
    long position();

    /** A position behind all that the one at a place, and those before him there, have published so far. */
    long published(int place);

    /** Whether what the last {@link #poll} threw was thrown by the handler. */
    boolean isHandling();

    /** Ends a {@link #poll} that is going on after the message that it is at. For any thread. */
    void stop();

    /**
     * Looks whether the ring is still one. For any thread.
     *
     * @throws org.jvmipc.SegmentCorruptedException if it is not
     */
    void check();

    /**
     * Called several times a second while somebody waits, as nobody tells of the death of another receiver. For any
     * thread.
     */
    default void idle() {
        // Most rings have nothing that another receiver could have left.
    }

    /** Messages that this receiver was to get and missed. For any thread. */
    default long dropped() {
        return 0;
    }

    /** Who keeps messages from being received, for people; empty if nobody. For any thread. */
    default String heldUpBy(Crowd senders) {
        return senders.present();
    }

    /** Messages accepted and not yet received, -1 if unknown. For any thread. */
    long depthMessages();

    /** Bytes accepted and not yet received. For any thread. */
    long depthBytes();

    /** Bytes that fit. */
    long capacityBytes();
}

package org.jvmipc;

/** What became of {@link Sender#trySend}. */
public enum SendResult {
    /** The channel has accepted the whole message. */
    SENT,
    /** There is no room at the moment; nothing was sent. */
    FULL,
    /**
     * Nobody is there to receive, and the transport cannot hold a message for a receiver to come; nothing was sent.
     * Somebody may come: a later attempt can succeed.
     */
    NO_RECEIVER,
    /** The endpoint is closed, or its peers have gone for good; nothing was sent and nothing will be. */
    CLOSED
}

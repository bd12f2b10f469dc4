package org.jvmipc;

/**
 * Something that happened to a peer. Each peer joins once, and leaves or dies once.
 *
 * @param kind what happened
 * @param peer to whom
 */
public record PeerEvent(Kind kind, PeerInfo peer) {
    /** What may happen to a peer. */
    public enum Kind {
        /** It opened its end. */
        JOINED,
        /** It closed its end. */
        LEFT,
        /** Its process ended, or its end vanished, without closing. */
        DIED
    }
}

package org.jvmipc;

/** The process on the other side died (or went away without a word) while the channel was open. */
public final class PeerDiedException extends PeerGoneException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened on which channel
     * @param peer who died, {@link PeerInfo#UNKNOWN} if the transport cannot tell
     */
    public PeerDiedException(String message, PeerInfo peer) {
        super(message, peer);
    }
}

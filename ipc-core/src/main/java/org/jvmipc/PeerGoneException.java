package org.jvmipc;

/**
 * The other side has gone, so that nobody will take what is sent: it closed its end, or (see the subclass) died.
 * With {@code peerDeath=wait} the channel waits for a replacement instead.
 */
public class PeerGoneException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** Who has gone; transient, as a description is in the message. */
    private final transient PeerInfo peer;

    /**
     * Creates the exception.
     *
     * @param message what happened on which channel
     * @param peer who has gone, {@link PeerInfo#UNKNOWN} if the transport cannot tell
     */
    public PeerGoneException(String message, PeerInfo peer) {
        super(message);
        this.peer = peer;
    }

    /**
     * Who has gone.
     *
     * @return the peer, {@link PeerInfo#UNKNOWN} if the transport cannot tell
     */
    public final PeerInfo peer() {
        return peer == null ? PeerInfo.UNKNOWN : peer;
    }
}

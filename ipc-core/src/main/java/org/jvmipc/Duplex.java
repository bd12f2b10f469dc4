package org.jvmipc;

/**
 * Both directions of a channel between two peers. Closing one half ends that direction only, as
 * {@code shutdown(SHUT_WR)} does; closing the duplex ends both.
 */
public interface Duplex extends Endpoint {
    /**
     * What goes to the peer.
     *
     * @return always the same sender
     */
    Sender sender();

    /**
     * What comes from the peer.
     *
     * @return always the same receiver
     */
    Receiver receiver();
}

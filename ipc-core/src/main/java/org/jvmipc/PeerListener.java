package org.jvmipc;

/** Is told of peers that come and go. */
@FunctionalInterface
public interface PeerListener {
    /**
     * Called once for each event, in order, on a thread of the toolkit: it must not block.
     *
     * @param event what happened
     */
    void onPeer(PeerEvent event);
}

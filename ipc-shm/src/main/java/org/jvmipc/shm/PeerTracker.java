package org.jvmipc.shm;

import org.jvmipc.PeerInfo;
import org.jvmipc.spi.Peers;

/**
 * Makes one peer of the slots that it holds: one in a channel, two in a connection, which it enters one after the other
 * and may leave one after the other. Safe for use by any thread.
 */
final class PeerTracker {
    private final Peers peers;
    private Peers.Peer peer;
    private int slots;
    private boolean died;

    PeerTracker() {
        this(new Peers());
    }

    /** For one of several peers. */
    PeerTracker(Peers peers) {
        this.peers = peers;
    }

    Peers peers() {
        return peers;
    }

    /** Somebody is in a slot. */
    synchronized void came(PeerInfo who) {
        if (slots++ == 0) {
            peer = peers.joined(who);
            died = false;
        }
    }

    /** He is not any more. */
    synchronized void went(boolean byDeath) {
        died |= byDeath;
        if (--slots == 0) {
            if (died) {
                peer.died();
            } else {
                peer.left();
            }
        }
    }
}

package org.jvmipc.internal;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.spi.Peers;

/** An end of a {@link MemChannel} and whom it has met; guarded by the channel's lock. */
final class MemEnd {
    private final Peers peers;
    private final boolean waits;
    private final Map<MemEnd, Peers.Peer> met = new IdentityHashMap<>();

    MemEnd(Peers peers, boolean waits) {
        this.peers = peers;
        this.waits = waits;
    }

    Peers peers() {
        return peers;
    }

    boolean waits() {
        return waits;
    }

    void meet(MemEnd other) {
        met.put(other, peers.joined(Self.info()));
        other.met.put(this, other.peers.joined(Self.info()));
    }

    void part(List<MemEnd> others) {
        for (MemEnd other : others) {
            Peers.Peer me = other.met.remove(this);
            if (me != null) {
                me.left();
            }
        }
        met.clear();
    }
}

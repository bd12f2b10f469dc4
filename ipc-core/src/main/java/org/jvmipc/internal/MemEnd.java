package org.jvmipc.internal;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jvmipc.spi.ParkReadiness;
import org.jvmipc.spi.Peers;

/**
 * An end of a {@link MemChannel} and whom it has met; that is guarded by the channel's lock. Each end has readiness of
 * its own, as what one end waits for may be no news for another, and a closed end keeps nobody asleep.
 */
final class MemEnd {
    private final Peers peers = new Peers();
    private final boolean waits;
    private final Map<MemEnd, Peers.Peer> met = new IdentityHashMap<>();
    private final ParkReadiness readiness;
    private final ParkReadiness receipts;
    private volatile BooleanSupplier hasReceipts = () -> false;
    private volatile boolean closed;

    MemEnd(boolean waits, Predicate<MemEnd> ready) {
        this.waits = waits;
        this.readiness = new ParkReadiness(() -> closed || ready.test(this));
        this.receipts = new ParkReadiness(() -> closed || hasReceipts.getAsBoolean());
    }

    Peers peers() {
        return peers;
    }

    boolean waits() {
        return waits;
    }

    /** Whether another attempt is worth while. */
    ParkReadiness readiness() {
        return readiness;
    }

    /** Whether another look at the messages sent for receipt is worth while. */
    ParkReadiness receipts() {
        return receipts;
    }

    void receiptsWhen(BooleanSupplier condition) {
        hasReceipts = condition;
    }

    /** Something has changed for the whole channel. */
    void signal() {
        readiness.signal();
        receipts.signal();
    }

    void close() {
        closed = true;
        signal();
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

package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.spi.ParkReadiness;

/** A message in a {@link MemChannel}. */
final class MemMessage {
    private final ByteBuffer payload;
    private final ParkReadiness receipts;
    private long number;
    private volatile boolean taken;
    private volatile boolean dropped;
    /** How many of the sender's messages are taken or dropped, and it does not know yet. */
    private final AtomicInteger settled;
    private boolean counted;
    private boolean forgotten;

    /** One of which the sender wants no receipt. */
    MemMessage(ByteBuffer payload) {
        this(payload, null, null);
    }

    /** One of which it does; {@link #forget} follows. */
    MemMessage(ByteBuffer payload, ParkReadiness receipts, AtomicInteger settled) {
        this.payload = payload;
        this.receipts = receipts;
        this.settled = settled;
    }

    ByteBuffer payload() {
        return payload.duplicate();
    }

    int length() {
        return payload.remaining();
    }

    boolean wantsReceipt() {
        return receipts != null;
    }

    void number(long ticket) {
        number = ticket;
    }

    long number() {
        return number;
    }

    void confirm() {
        taken = true;
        settle();
    }

    /** It gave way to a newer message; nobody will take it. */
    void drop() {
        dropped = true;
        settle();
    }

    private void settle() {
        if (receipts == null) {
            return;
        }
        synchronized (this) {
            if (forgotten) {
                return;
            }
            settled.incrementAndGet();
            counted = true;
        }
        receipts.signal();
    }

    /** The sender knows what has become of it, or does not want to any more. Called once. */
    synchronized void forget() {
        forgotten = true;
        if (counted) {
            settled.decrementAndGet();
        }
    }

    boolean isTaken() {
        return taken;
    }

    boolean isDropped() {
        return dropped;
    }
}

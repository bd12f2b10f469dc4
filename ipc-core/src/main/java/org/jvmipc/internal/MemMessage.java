package org.jvmipc.internal;

import java.nio.ByteBuffer;
import org.jvmipc.spi.ParkReadiness;

/** A message in a {@link MemChannel}. */
final class MemMessage {
    private final ByteBuffer payload;
    private final ParkReadiness receipts;
    private long number;
    private volatile boolean taken;
    private volatile boolean dropped;

    /** The readiness is that of the sender who wants a receipt, or null. */
    MemMessage(ByteBuffer payload, ParkReadiness receipts) {
        this.payload = payload;
        this.receipts = receipts;
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
        if (receipts != null) {
            receipts.signal();
        }
    }

    /** It gave way to a newer message; nobody will take it. */
    void drop() {
        dropped = true;
        if (receipts != null) {
            receipts.signal();
        }
    }

    boolean isTaken() {
        return taken;
    }

    boolean isDropped() {
        return dropped;
    }
}

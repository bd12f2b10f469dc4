package org.jvmipc.internal;

import java.nio.ByteBuffer;

/** A message in a {@link MemChannel}. */
final class MemMessage {
    private final ByteBuffer payload;
    private final boolean wantsReceipt;
    private long number;
    private volatile boolean taken;

    MemMessage(ByteBuffer payload, boolean wantsReceipt) {
        this.payload = payload;
        this.wantsReceipt = wantsReceipt;
    }

    ByteBuffer payload() {
        return payload.duplicate();
    }

    int length() {
        return payload.remaining();
    }

    boolean wantsReceipt() {
        return wantsReceipt;
    }

    void number(long ticket) {
        number = ticket;
    }

    long number() {
        return number;
    }

    void confirm() {
        taken = true;
    }

    boolean isTaken() {
        return taken;
    }
}

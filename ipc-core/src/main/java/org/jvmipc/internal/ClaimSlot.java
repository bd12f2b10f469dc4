package org.jvmipc.internal;

import java.nio.ByteBuffer;
import org.jvmipc.Claim;
import org.jvmipc.spi.AfterAcceptance;
import org.jvmipc.spi.MessageOut;

/** The one claim that a sender has open at a time; used again and again, so that claiming allocates nothing. */
final class ClaimSlot implements Claim {
    private static final int KEPT = 64 << 10;

    private final PortSender sender;
    private Claim lent;
    private ByteBuffer copied;
    private ByteBuffer pool = ByteBuffer.allocate(0);
    private boolean open;

    ClaimSlot(PortSender sender) {
        this.sender = sender;
    }

    /** Claims room of the port, or if it has no memory to lend, a buffer; null if it has none at the moment. */
    Claim open(MessageOut out, int length) {
        if (!out.lends()) {
            return copied(length);
        }
        Claim room = out.tryClaim(length);
        return room == null ? null : lent(room);
    }

    private Claim lent(Claim claim) {
        lent = claim;
        copied = null;
        open = true;
        return this;
    }

    private Claim copied(int length) {
        lent = null;
        if (pool.capacity() < length) {
            pool = ByteBuffer.allocate(length);
        }
        copied = pool.slice(0, length);
        if (pool.capacity() > KEPT) {
            pool = ByteBuffer.allocate(0);
        }
        open = true;
        return this;
    }

    @Override
    public ByteBuffer buffer() {
        checkOpen();
        return lent == null ? copied : lent.buffer();
    }

    @Override
    public void commit() {
        checkOpen();
        open = false;
        if (lent == null) {
            send(copied.clear());
            return;
        }
        try {
            lent.commit();
            sender.unclaim(true);
        } catch (RuntimeException failed) {
            sender.unclaim(failed instanceof AfterAcceptance);
            throw failed;
        }
    }

    /** Waits without heeding interrupts, and keeps them for later. */
    private void send(ByteBuffer message) {
        boolean interrupted = Thread.interrupted();
        boolean accepted = false;
        try {
            while (!accepted) {
                try {
                    sender.sendClaimed(message);
                    accepted = true;
                } catch (InterruptedException later) {
                    interrupted = true;
                    accepted = !message.hasRemaining();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void abort() {
        if (open) {
            open = false;
            sender.unclaim(false);
            if (lent != null) {
                lent.abort();
            }
        }
    }

    private void checkOpen() {
        if (!open) {
            throw new IllegalStateException("the claim has ended by commit or abort");
        }
    }
}

package org.jvmipc.process.internal;

import java.nio.ByteBuffer;
import org.jvmipc.Message;
import org.jvmipc.MessageHandler;
import org.jvmipc.PeerInfo;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Readiness;

/**
 * The receiving port of a channel in a group. The transport's own port sees no end, as the group holds the channel; it
 * comes when the group has told that nobody will send any more, and what was sent has been taken: also what a process
 * that died had in hand, which counts in the depth until another one has done with it.
 */
public final class StageIn implements MessageIn {
    private final MessageIn in;
    private final Board.Over over;

    /** Puts it on the transport's port. */
    public StageIn(MessageIn in, Board.Over over) {
        this.in = in;
        this.over = over;
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = in.poll(handler, limit);
        if (count != 0 || !over.isOver()) {
            return count;
        }
        // What was sent last may have come since.
        count = in.poll(handler, limit);
        return count == 0 && in.depthMessages() <= 0 ? END : count;
    }

    @Override
    public boolean peeks() {
        return in.peeks();
    }

    @Override
    public int peek(MessageHandler handler) {
        int count = in.peek(handler);
        if (count != 0 || !over.isOver()) {
            return count;
        }
        count = in.peek(handler);
        return count == 0 && in.depthMessages() <= 0 ? END : count;
    }

    @Override
    public PeerInfo lastSender() {
        return in.lastSender();
    }

    @Override
    public Message message(ByteBuffer payload, long missed) {
        return in.message(payload, missed);
    }

    @Override
    public boolean singleThreaded() {
        return in.singleThreaded();
    }

    @Override
    public long handedOver() {
        return in.handedOver();
    }

    @Override
    public long handedOverBytes() {
        return in.handedOverBytes();
    }

    @Override
    public Readiness readiness() {
        return in.readiness();
    }

    @Override
    public void idle() {
        in.idle();
    }

    @Override
    public Port beneath() {
        return in;
    }

    @Override
    public void close() {
        in.close();
    }

    @Override
    public long depthMessages() {
        return in.depthMessages();
    }

    @Override
    public long depthBytes() {
        return in.depthBytes();
    }

    @Override
    public long capacityBytes() {
        return in.capacityBytes();
    }

    @Override
    public long dropped() {
        return in.dropped();
    }

    @Override
    public String heldUpBy() {
        return in.heldUpBy();
    }
}

package org.jvmipc.mq.internal.group;

import java.nio.ByteBuffer;
import org.jvmipc.Message;
import org.jvmipc.MessageHandler;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Readiness;

/**
 * A consumer of a group as a channel's end. A message that a handler has in place is acknowledged when that returns,
 * and given back when it throws. One that leaves as a copy is acknowledged by the next call, which shows that its
 * receiver has come back for more, and given back by closing.
 */
public final class GroupIn implements MessageIn {
    private final Group group;
    private final GroupReadiness readiness;
    /** What was handed out as a copy. */
    private Claim copied;
    private boolean copying;

    /**
     * Creates it.
     *
     * @param group whose messages it takes; closed with it
     */
    public GroupIn(Group group) {
        this.group = group;
        this.readiness = group.readiness();
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        if (copied != null && !group.isClosed()) {
            // If that fails the next call tries again: nobody else can say that it is done with.
            group.acknowledge(copied);
            copied = null;
        }
        int count = 0;
        while (count < limit && !group.isClosed()) {
            Claim claim = group.take();
            if (claim == null) {
                break;
            }
            if (hand(claim, handler)) {
                count++;
            }
        }
        return count == 0 && group.isClosed() ? END : count;
    }

    private boolean hand(Claim claim, MessageHandler handler) {
        copying = false;
        boolean handled = false;
        boolean found;
        try {
            found = group.read(claim, handler::onMessage);
            handled = true;
        } finally {
            if (!handled && claim.place() >= 0 && !group.isClosed()) {
                group.giveBack(claim, null);
            }
        }
        if (!found || claim.place() < 0) {
            return found;
        }
        if (copying) {
            copied = claim;
        } else if (!group.isClosed()) {
            group.acknowledge(claim);
        }
        return true;
    }

    @Override
    public Message message(ByteBuffer payload, long missed) {
        copying = true;
        return MessageIn.super.message(payload, missed);
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    @Override
    public void idle() {
        group.lookAfterTheDead();
    }

    @Override
    public long depthMessages() {
        return group.isClosed() ? -1 : group.numbers().depth();
    }

    @Override
    public void close() {
        group.close();
        readiness.wakeUp();
    }
}

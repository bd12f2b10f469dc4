package org.jvmipc.mq.internal.persistent;

import java.nio.ByteBuffer;
import org.jvmipc.Claim;
import org.jvmipc.SendResult;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.Readiness;

/** Sends to one of several lanes. */
final class LanesOut implements MessageOut {
    private final QueueOut[] lanes;
    private final QueueState bell;
    private volatile int priority;

    LanesOut(QueueOut[] lanes, QueueState bell, int priority) {
        this.lanes = lanes;
        this.bell = bell;
        this.priority = priority;
    }

    private QueueOut lane() {
        return lanes[priority];
    }

    int count() {
        return lanes.length;
    }

    /** From now on. */
    void priority(int next) {
        priority = next;
    }

    @Override
    public SendResult offer(ByteBuffer message) {
        return lane().offer(message);
    }

    @Override
    public int offer(ByteBuffer[] messages, int offset, int length) {
        return lane().offer(messages, offset, length);
    }

    @Override
    public boolean lends() {
        return true;
    }

    @Override
    public Claim tryClaim(int length) {
        return lane().tryClaim(length);
    }

    @Override
    public String transferAdvice() {
        return "cannot transfer with lanes, as messages of other lanes may come first at any time; mem:, shm:, and"
                + " queue: without lanes can";
    }

    @Override
    public int maxMessage() {
        return lanes[0].maxMessage();
    }

    @Override
    public String limitAdvice() {
        return lanes[0].limitAdvice();
    }

    @Override
    public Readiness readiness() {
        // All are the same: a pause.
        return lanes[0].readiness();
    }

    @Override
    public String heldUpBy() {
        return lane().heldUpBy();
    }

    @Override
    public long depthMessages() {
        long depth = 0;
        for (QueueOut lane : lanes) {
            depth += Math.max(0, lane.depthMessages());
        }
        return depth;
    }

    @Override
    public void close() {
        for (QueueOut lane : lanes) {
            lane.close();
        }
        bell.close();
    }
}

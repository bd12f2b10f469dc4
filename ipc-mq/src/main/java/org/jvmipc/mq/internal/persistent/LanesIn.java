package org.jvmipc.mq.internal.persistent;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jvmipc.Message;
import org.jvmipc.MessageHandler;
import org.jvmipc.spi.Readiness;

/** Receives from several lanes: always the oldest message of the highest that has one. */
final class LanesIn implements NumberedIn {
    private final QueueIn[] lanes;
    private final QueueState bell;
    private final QueueBell readable;
    private volatile int last;
    private volatile boolean closed;

    LanesIn(QueueIn[] lanes, QueueState bell) {
        this.lanes = lanes;
        this.bell = bell;
        this.readable = bell.dataReadiness(this::hasMore);
    }

    private boolean hasMore() {
        for (QueueIn lane : lanes) {
            if (lane.hasMore()) {
                return true;
            }
        }
        return closed;
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = 0;
        while (count < limit && !closed) {
            // Asked for the next one, whichever lane it comes from.
            int taken = takeOne(handler);
            if (taken <= 0) {
                return count == 0 ? taken : count;
            }
            count++;
        }
        return count == 0 ? END : count;
    }

    private int takeOne(MessageHandler handler) {
        int highest = -1;
        for (int lane = lanes.length - 1; lane >= 0; lane--) {
            if (highest < 0 && lanes[lane].hasMore()) {
                highest = lane;
            } else {
                lanes[lane].settleIfOpen();
            }
        }
        if (highest < 0) {
            return 0;
        }
        last = highest;
        return lanes[highest].poll(handler, 1);
    }

    @Override
    public Message message(ByteBuffer payload, long missed) {
        return NumberedIn.super.message(payload, missed).withPriority(last);
    }

    @Override
    public long number() {
        return lanes[last].number();
    }

    @Override
    public long time() {
        return lanes[last].time();
    }

    /** Of the message that is being handed over, or was last. */
    int priority() {
        return last;
    }

    @Override
    public long dropped() {
        return Arrays.stream(lanes).mapToLong(QueueIn::dropped).sum();
    }

    @Override
    public long depthMessages() {
        return Arrays.stream(lanes).mapToLong(QueueIn::depthMessages).sum();
    }

    @Override
    public Readiness readiness() {
        return readable;
    }

    @Override
    public void close() {
        closed = true;
        readable.close();
        for (QueueIn lane : lanes) {
            lane.close();
        }
        bell.close();
    }
}

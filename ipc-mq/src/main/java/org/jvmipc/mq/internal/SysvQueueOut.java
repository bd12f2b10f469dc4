package org.jvmipc.mq.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.SendResult;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.SysvQueueCalls;
import org.jvmipc.posix.SysvQueueStatus;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;

/** Sends to a System V queue. */
final class SysvQueueOut implements MessageOut {
    private final SysvQueue queue;
    private final PauseReadiness pause = SysvQueueIn.pause();
    private final Readiness readiness;
    private final int maxMessage;
    /** The type, then the message. */
    private final ByteBuffer copy;
    private final long address;
    private volatile long type;
    /** The length of the message that found no room. */
    private volatile int refused;

    SysvQueueOut(SysvQueue queue, OptionValues values) {
        this.queue = queue;
        this.readiness = new LookingReadiness(pause, pause::isReset, this::hasRoom);
        this.maxMessage = Math.min(values.maxMessage(), queue.maxMessage());
        this.type = values.isGiven("type") ? values.size("type") : 1;
        this.copy = ByteBuffer.allocateDirect(SysvQueueCalls.TEXT + maxMessage).order(ByteOrder.nativeOrder());
        this.address = MemoryCalls.address(copy);
    }

    SysvQueue queue() {
        return queue;
    }

    void type(long next) {
        type = next;
    }

    @Override
    public SendResult offer(ByteBuffer message) {
        if (!queue.isOpen()) {
            return SendResult.CLOSED;
        }
        int length = message.remaining();
        copy.clear().putLong(type).put(message.duplicate());
        int result;
        do {
            result = SysvQueueCalls.send(queue.id(), address, length, SysvQueueCalls.IPC_NOWAIT);
        } while (result == -Errno.EINTR);
        if (result == 0) {
            pause.reset();
            message.position(message.limit());
            return SendResult.SENT;
        }
        if (result == -Errno.EAGAIN) {
            refused = length;
            return SendResult.FULL;
        }
        if (!queue.isOpen()) {
            return SendResult.CLOSED;
        }
        throw queue.failure("msgsnd", result);
    }

    private boolean hasRoom() {
        SysvQueueStatus status = queue.isOpen() ? queue.status() : null;
        return status == null || status.bytes() + refused <= status.maxBytes()
                && status.messages() < status.maxBytes();
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public String limitAdvice() {
        return "the kernel takes " + SysvQueue.systemMaxMessage() + " bytes (kernel.msgmax) and as many as the queue"
                + " holds, " + queue.capacityBytes() + "; raise these, or maxMessage if it is less, or send it in"
                + " parts";
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    @Override
    public void close() {
        queue.leave();
        pause.wakeUp();
    }

    @Override
    public long depthMessages() {
        return queue.depthMessages();
    }

    @Override
    public long depthBytes() {
        return queue.depthBytes();
    }

    @Override
    public long capacityBytes() {
        return queue.capacityBytes();
    }
}

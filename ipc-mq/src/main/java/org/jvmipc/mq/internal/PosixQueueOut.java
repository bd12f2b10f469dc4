package org.jvmipc.mq.internal;

import java.nio.ByteBuffer;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.SendResult;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.posix.PosixQueueCalls;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Readiness;

/** Sends to a POSIX queue. */
final class PosixQueueOut implements MessageOut {
    private final PosixQueue queue;
    private final Readiness writable;
    private final int maxMessage;
    private final ByteBuffer copy;
    private final long copyAddress;
    private volatile int priority;

    PosixQueueOut(PosixQueue queue, OptionValues values) {
        this.queue = queue;
        this.writable = new LookingReadiness(new FdReadiness(queue.fd(), PollCalls.POLLOUT), () -> true,
                () -> queue.depth() < queue.maxMessages());
        this.maxMessage = Math.min(values.maxMessage(), queue.messageSize());
        this.priority = Math.toIntExact(values.size("priority"));
        this.copy = ByteBuffer.allocateDirect(maxMessage);
        this.copyAddress = MemoryCalls.address(copy);
    }

    PosixQueue queue() {
        return queue;
    }

    void priority(int next) {
        priority = next;
    }

    @Override
    public SendResult offer(ByteBuffer message) {
        int number = queue.fd().acquire();
        if (number == Fd.CLOSED) {
            return SendResult.CLOSED;
        }
        try {
            int length = message.remaining();
            long address = addressOf(message);
            int result;
            do {
                result = PosixQueueCalls.send(number, address, length, priority);
            } while (result == -Errno.EINTR);
            if (result == 0) {
                message.position(message.limit());
                return SendResult.SENT;
            }
            if (result == -Errno.EAGAIN) {
                return SendResult.FULL;
            }
            if (result == -Errno.EMSGSIZE) {
                throw new MessageTooLargeException(queue.channel(), length, maxMessage, limitAdvice());
            }
            throw new NativeCallException("mq_send", queue.channel(), result);
        } finally {
            queue.fd().release();
        }
    }

    private long addressOf(ByteBuffer message) {
        if (message.isDirect()) {
            return MemoryCalls.address(message) + message.position();
        }
        copy.clear().put(message.duplicate());
        return copyAddress;
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public String limitAdvice() {
        return "make the queue with a larger messageSize (the kernel allows " + PosixQueueLimits.maxSize()
                + ", fs.mqueue.msgsize_max), raise maxMessage if it is less, or send it in parts";
    }

    @Override
    public Readiness readiness() {
        return writable;
    }

    @Override
    public void close() {
        queue.leave();
    }

    @Override
    public long depthMessages() {
        return queue.depth();
    }

    @Override
    public long capacityBytes() {
        return queue.capacityBytes();
    }
}

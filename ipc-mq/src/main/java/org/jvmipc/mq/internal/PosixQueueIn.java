package org.jvmipc.mq.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.Message;
import org.jvmipc.MessageHandler;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.posix.PosixQueueCalls;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Readiness;

/** Receives from a POSIX queue: the oldest message of the highest priority. */
final class PosixQueueIn implements MessageIn {
    private final PosixQueue queue;
    private final Readiness readable;
    /** The priority, then the message. */
    private final ByteBuffer room;
    private final ByteBuffer view;
    private final long address;

    PosixQueueIn(PosixQueue queue) {
        this.queue = queue;
        this.readable = new LookingReadiness(new FdReadiness(queue.fd(), PollCalls.POLLIN), () -> true,
                () -> queue.depth() != 0);
        this.room = ByteBuffer.allocateDirect(Long.BYTES + queue.messageSize()).order(ByteOrder.nativeOrder());
        this.view = room.slice(Long.BYTES, queue.messageSize()).asReadOnlyBuffer();
        this.address = MemoryCalls.address(room);
    }

    PosixQueue queue() {
        return queue;
    }

    /** Of the message that is being handed over, or was last. */
    int lastPriority() {
        return room.getInt(0);
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = 0;
        while (count < limit) {
            int length = receive();
            if (length == Fd.WOULD_BLOCK) {
                return count;
            }
            if (length == Fd.CLOSED) {
                return count > 0 ? count : END;
            }
            count++;
            handler.onMessage(view.clear().limit(length).order(ByteOrder.BIG_ENDIAN));
        }
        return count;
    }

    private int receive() {
        int number = queue.fd().acquire();
        if (number == Fd.CLOSED) {
            return Fd.CLOSED;
        }
        try {
            long length;
            do {
                length = PosixQueueCalls.receive(number, address + Long.BYTES, queue.messageSize(), address);
            } while (length == -Errno.EINTR);
            return length == -Errno.EAGAIN ? Fd.WOULD_BLOCK
                    : NativeCallException.check((int) length, "mq_receive", queue.channel());
        } finally {
            queue.fd().release();
        }
    }

    @Override
    public Message message(ByteBuffer payload, long missed) {
        return new Message(payload, lastSender(), missed).withPriority(lastPriority());
    }

    @Override
    public Readiness readiness() {
        return readable;
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

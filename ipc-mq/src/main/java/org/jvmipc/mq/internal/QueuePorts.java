package org.jvmipc.mq.internal;

import java.nio.channels.Channel;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.mq.PosixQueues;
import org.jvmipc.mq.SysvQueues;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PosixQueueCalls;
import org.jvmipc.posix.PosixQueueStatus;
import org.jvmipc.posix.SysvQueueCalls;
import org.jvmipc.posix.SysvQueueStatus;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Ports;

/** Finds the queues behind endpoints. */
public final class QueuePorts {
    private QueuePorts() {
    }

    private static <T extends Port> T port(Port port, Class<T> kind, String what) {
        if (!kind.isInstance(port)) {
            throw new UnsupportedOperationException("this is no " + what + " channel; open one by Ipc");
        }
        return kind.cast(port);
    }

    /** See {@link PosixQueues#setPriority}. */
    public static void setPriority(Channel sender, int priority) {
        if (priority < 0 || priority > PosixQueueCalls.PRIORITY_MAX) {
            throw new IllegalArgumentException("the priority is " + priority + ", allowed is 0 to "
                    + PosixQueueCalls.PRIORITY_MAX);
        }
        port(Ports.sending(sender), PosixQueueOut.class, "sending end of a posixmq:").priority(priority);
    }

    /** See {@link PosixQueues#priority}. */
    public static int priority(Channel receiver) {
        return port(Ports.receiving(receiver), PosixQueueIn.class, "receiving end of a posixmq:").lastPriority();
    }

    /** See {@link PosixQueues#attributes}. */
    public static PosixQueues.Attributes attributes(Channel endpoint) {
        PosixQueue queue = Ports.sending(endpoint) instanceof PosixQueueOut out ? out.queue()
                : port(Ports.receiving(endpoint), PosixQueueIn.class, "end of a posixmq:").queue();
        int number = queue.fd().acquire();
        if (number == Fd.CLOSED) {
            throw new ChannelClosedException(queue.channel() + " was closed");
        }
        try {
            PosixQueueStatus status = new PosixQueueStatus();
            NativeCallException.check(PosixQueueCalls.status(number, status), "mq_getattr", queue.channel());
            return new PosixQueues.Attributes(status.maxMessages(), Math.toIntExact(status.messageSize()),
                    status.messages());
        } finally {
            queue.fd().release();
        }
    }

    /** See {@link PosixQueues#remove}. */
    public static boolean removePosix(String name) {
        String kernelName = PosixQueueProvider.kernelName(name);
        int result = PosixQueueCalls.unlink(kernelName);
        if (result == -Errno.ENOENT) {
            return false;
        }
        NativeCallException.check(result, "mq_unlink", kernelName);
        return true;
    }

    /** See {@link SysvQueues#setType}. */
    public static void setType(Channel sender, long type) {
        if (type < 1) {
            throw new IllegalArgumentException("the type is " + type + ", at least 1 is needed");
        }
        port(Ports.sending(sender), SysvQueueOut.class, "sending end of a sysvmq:").type(type);
    }

    /** See {@link SysvQueues#type}. */
    public static long type(Channel receiver) {
        return port(Ports.receiving(receiver), SysvQueueIn.class, "receiving end of a sysvmq:").lastType();
    }

    /** See {@link SysvQueues#attributes}. */
    public static SysvQueues.Attributes sysvAttributes(Channel endpoint) {
        SysvQueue queue = Ports.sending(endpoint) instanceof SysvQueueOut out ? out.queue()
                : port(Ports.receiving(endpoint), SysvQueueIn.class, "end of a sysvmq:").queue();
        if (!queue.isOpen()) {
            throw new ChannelClosedException(queue.channel() + " was closed");
        }
        SysvQueueStatus status = new SysvQueueStatus();
        int error = SysvQueueCalls.status(queue.id(), status);
        if (error < 0) {
            throw queue.failure("msgctl", error);
        }
        return new SysvQueues.Attributes(queue.id(), status.maxBytes(), status.bytes(), status.messages(),
                status.lastSender(), status.lastReceiver());
    }

    /** See {@link SysvQueues#remove}. */
    public static boolean removeSysv(int key) {
        int id = SysvQueueCalls.get(key, 0);
        if (id == -Errno.ENOENT) {
            return false;
        }
        NativeCallException.check(id, "msgget", "0x" + Integer.toHexString(key));
        int result = SysvQueueCalls.remove(id);
        if (result == -Errno.EIDRM || result == -Errno.EINVAL) {
            return false;
        }
        NativeCallException.check(result, "msgctl", id + ", IPC_RMID");
        return true;
    }
}

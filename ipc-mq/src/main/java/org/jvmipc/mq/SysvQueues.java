package org.jvmipc.mq;

import java.nio.channels.Channel;
import java.nio.file.Path;
import org.jvmipc.mq.internal.QueuePorts;
import org.jvmipc.mq.internal.SysvKey;

/**
 * What System V queues can beyond other channels. Endpoints are those that {@link org.jvmipc.Ipc} opens for a
 * {@code sysvmq:} address. All methods may be called by any thread.
 *
 * <p>A received message tells its type by {@link org.jvmipc.Message#type}.
 */
public final class SysvQueues {
    private SysvQueues() {
    }

    /**
     * Sets the type of what is sent from now on. Messages of {@code sendAsync} that have not been accepted yet get it,
     * too. For threads that send with different types there had better be a sender each.
     *
     * @param sender a sender, or a stream
     * @param type at least 1
     * @throws IllegalArgumentException if there is no such type
     * @throws UnsupportedOperationException if it is no sending end of a {@code sysvmq:} channel
     */
    public static void setType(Channel sender, long type) {
        QueuePorts.setType(sender, type);
    }

    /**
     * The type of the message that a handler has in place; for {@link org.jvmipc.Receiver#poll}, within the handler.
     *
     * @param receiver the receiver that called it
     * @return its type
     * @throws UnsupportedOperationException if it is no receiving end of a {@code sysvmq:} channel
     */
    public static long type(Channel receiver) {
        return QueuePorts.type(receiver);
    }

    /**
     * What the kernel tells of the queue, {@code msgctl(IPC_STAT)}.
     *
     * @param endpoint any end
     * @return a snapshot
     * @throws org.jvmipc.ChannelClosedException if the endpoint was closed, or the queue was removed
     * @throws UnsupportedOperationException if it is no end of a {@code sysvmq:} channel
     */
    public static Attributes attributes(Channel endpoint) {
        return QueuePorts.sysvAttributes(endpoint);
    }

    /**
     * Removes a queue with all that is in it, as {@code ipcrm -Q} does. Whoever uses it gets a {@link
     * org.jvmipc.ChannelClosedException}. For queues with {@code keep=true}; the others go by themselves.
     *
     * @param key its key
     * @return whether there was one
     * @throws org.jvmipc.IpcException if the queue belongs to another user
     */
    public static boolean remove(int key) {
        return QueuePorts.removeSysv(key);
    }

    /**
     * Makes a key of a file and a number, as {@code ftok(3)} of the C library does. Another file may give the same.
     *
     * @param file a file or directory that exists
     * @param id 1 to 255
     * @return the key
     * @throws IllegalArgumentException if there is no such number
     * @throws org.jvmipc.ChannelNotFoundException if there is no such file
     */
    public static int ftok(Path file, int id) {
        return SysvKey.ftok(file, id);
    }

    /**
     * What the kernel tells of a System V queue.
     *
     * @param id its number, as {@code ipcs -q} shows it
     * @param maxBytes how many bytes it holds
     * @param bytes how many are in it
     * @param messages how many messages are in it
     * @param lastSender the process that sent last, 0 if none has
     * @param lastReceiver the process that received last, 0 if none has
     */
    public record Attributes(int id, long maxBytes, long bytes, long messages, int lastSender, int lastReceiver) {
    }
}

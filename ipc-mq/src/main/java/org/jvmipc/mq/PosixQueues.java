package org.jvmipc.mq;

import java.nio.channels.Channel;
import org.jvmipc.mq.internal.QueuePorts;

/**
 * What POSIX queues can beyond other channels. Endpoints are those that {@link org.jvmipc.Ipc} opens for a
 * {@code posixmq:} address. All methods may be called by any thread.
 *
 * <p>A received message tells its priority by {@link org.jvmipc.Message#priority}.
 */
public final class PosixQueues {
    private PosixQueues() {
    }

    /**
     * Sets the priority of what is sent from now on. Messages of {@code sendAsync} that have not been accepted yet get
     * it, too. For threads that send with different priorities there had better be a sender each, which costs a
     * descriptor.
     *
     * @param sender a sender, or a stream
     * @param priority 0 to 32767; the highest is received first, those of one priority in their order
     * @throws IllegalArgumentException if there is no such priority
     * @throws UnsupportedOperationException if it is no sending end of a {@code posixmq:} channel
     */
    public static void setPriority(Channel sender, int priority) {
        QueuePorts.setPriority(sender, priority);
    }

    /**
     * The priority of the message that a handler has in place; for {@link org.jvmipc.Receiver#poll}, within the
     * handler.
     *
     * @param receiver the receiver that called it
     * @return its priority
     * @throws UnsupportedOperationException if it is no receiving end of a {@code posixmq:} channel
     */
    public static int priority(Channel receiver) {
        return QueuePorts.priority(receiver);
    }

    /**
     * What the kernel tells of the queue, {@code mq_getattr}.
     *
     * @param endpoint any end
     * @return a snapshot
     * @throws org.jvmipc.ChannelClosedException if the endpoint was closed
     * @throws UnsupportedOperationException if it is no end of a {@code posixmq:} channel
     */
    public static Attributes attributes(Channel endpoint) {
        return QueuePorts.attributes(endpoint);
    }

    /**
     * Removes a queue by its name, {@code mq_unlink}. Who has it open goes on with it; who opens the name gets another
     * one. For queues with {@code keep=true}; the others go by themselves.
     *
     * @param name with or without a slash in front
     * @return whether there was one
     * @throws IllegalArgumentException if it is no name of a queue
     * @throws org.jvmipc.IpcException if the queue belongs to another user
     */
    public static boolean remove(String name) {
        return QueuePorts.removePosix(name);
    }

    /**
     * What the kernel tells of a POSIX queue.
     *
     * @param maxMessages how many messages it holds
     * @param messageSize how long a message may be, in bytes
     * @param messages how many are in it
     */
    public record Attributes(long maxMessages, int messageSize, long messages) {
    }
}

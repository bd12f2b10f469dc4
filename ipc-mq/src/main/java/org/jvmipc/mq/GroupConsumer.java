package org.jvmipc.mq;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.mq.internal.group.Claim;
import org.jvmipc.mq.internal.group.Group;
import org.jvmipc.mq.internal.group.GroupNumbers;
import org.jvmipc.mq.internal.group.GroupReadiness;
import org.jvmipc.mq.internal.persistent.QueueGroups;
import org.jvmipc.spi.Waiter;

/**
 * One of those who compete for the messages of a {@code queue:}. Each message goes to one consumer of each group.
 *
 * <p><b>At least once.</b> A message that a consumer has taken is in flight until {@link Delivery#ack}. It is
 * delivered again if it is given back, if its consumer is closed or dies, and if {@code ackTimeout} passes; and for no
 * other reason. With {@code redeliver=n} and {@code deadLetter=/dir}, one that was delivered 1 + n times in vain goes
 * to another queue. With {@code delivery=at-most-once} a message is done with when it is taken.
 *
 * <p><b>Order.</b> Messages are taken in the order of the queue, but for those that are delivered again, which come
 * before others, and those that are due later.
 *
 * <p>Any number of threads may use a consumer, and consumers may be in any number of processes. As many of them are in
 * a group as may have its queue open: 48 ends, senders and receivers included.
 */
public final class GroupConsumer implements AutoCloseable {
    private final Group group;
    private final boolean atMostOnce;
    private final Waiter waiter;
    private final GroupReadiness readiness;

    private GroupConsumer(QueueGroups.Opened opened) {
        this.group = opened.group();
        this.atMostOnce = opened.atMostOnce();
        this.waiter = new Waiter(opened.strategy());
        this.readiness = group.readiness();
    }

    /**
     * Becomes a consumer of a group, which begins with the first one.
     *
     * @param address such as {@code queue:/var/lib/orders?group=billing}, with the options of {@code docs/queues.md}
     * @return the consumer
     * @throws IllegalArgumentException if the address is none of a group
     * @throws org.jvmipc.ChannelFullException if 48 ends have the queue open
     * @throws org.jvmipc.IncompatibleChannelException if the group was begun with another {@code window}
     * @throws org.jvmipc.IpcException as {@link org.jvmipc.Ipc#receiver(String)}
     */
    public static GroupConsumer open(String address) {
        return new GroupConsumer(QueueGroups.open(address));
    }

    /** Copies the one message that it is given. */
    private static final class Copier {
        private ByteBuffer copy;

        void copy(ByteBuffer message) {
            copy = ByteBuffer.allocate(message.remaining()).put(message).flip();
        }
    }

    /**
     * Takes a message, waiting as long as it takes.
     *
     * @return a message, to be acknowledged
     * @throws InterruptedException if the thread is interrupted; no message is lost
     * @throws ChannelClosedException if the consumer is or gets closed
     * @throws org.jvmipc.NoSpaceException if a message that is to go to the dead letters finds no room there; it stays
     *         and is tried again after a second
     */
    public Delivery receive() throws InterruptedException {
        Delivery delivery = receive(Long.MAX_VALUE);
        while (delivery == null) {
            delivery = receive(Long.MAX_VALUE);
        }
        return delivery;
    }

    /**
     * Takes a message, waiting for a limited time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return a message, to be acknowledged
     * @throws IpcTimeoutException if there was none in time
     * @throws InterruptedException if the thread is interrupted; no message is lost
     * @throws ChannelClosedException if the consumer is or gets closed
     */
    public Delivery receive(Duration timeout) throws InterruptedException {
        Delivery delivery = receive(Waiter.deadline(timeout));
        if (delivery == null) {
            throw new IpcTimeoutException(group.path() + " had no message for this consumer within " + timeout);
        }
        return delivery;
    }

    private Delivery receive(long deadline) throws InterruptedException {
        while (true) {
            Delivery delivery = tryReceive();
            if (delivery != null) {
                return delivery;
            }
            boolean inTime = waiter.await(readiness, deadline);
            group.lookAfterTheDead();
            if (!inTime) {
                return null;
            }
        }
    }

    /**
     * Takes a message if there is one.
     *
     * @return a message, to be acknowledged; or null
     * @throws ChannelClosedException if the consumer is closed
     */
    public Delivery tryReceive() {
        Copier copier = new Copier();
        Claim claim = group.takeAndRead(copier::copy);
        return claim == null ? null : new Delivery(group, claim, copier.copy, atMostOnce);
    }

    /**
     * How many messages are not done with: those that nobody has taken, those in flight, and those that wait.
     *
     * @return messages
     * @throws ChannelClosedException if the consumer is closed
     */
    public long depth() {
        return status().depth();
    }

    /**
     * What is known of the group.
     *
     * @return a snapshot
     * @throws ChannelClosedException if the consumer is closed
     */
    public GroupStatus status() {
        GroupNumbers now = group.numbers();
        return new GroupStatus(now.depth(), now.unread(), now.inFlight(), now.waiting(), now.committed(),
                now.delivered(), now.redelivered(), now.moved(), now.lost(), now.members());
    }

    /** Gives back what it has not acknowledged, and wakes threads that wait. Idempotent. */
    @Override
    public void close() {
        group.close();
        readiness.wakeUp();
    }

    @Override
    public String toString() {
        return "consumer of " + group.path();
    }
}

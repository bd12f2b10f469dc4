package org.jvmipc.mq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jvmipc.mq.internal.group.Claim;
import org.jvmipc.mq.internal.group.Group;

/**
 * A message that a consumer of a group has, until it says what came of it. One that is closed without that is given
 * back, to be delivered again, as are those of a consumer that is closed or dies. What is said first counts; all after
 * that is refused. All methods may be called by any thread.
 *
 * <pre>{@code
 * try (Delivery delivery = consumer.receive()) {
 *     handle(delivery.payload());
 *     delivery.ack();
 * }
 * }</pre>
 */
public final class Delivery implements AutoCloseable {
    private final Group group;
    private final Claim claim;
    private final ByteBuffer payload;
    /** Whether there is nothing left to be said. */
    private final AtomicBoolean said;

    Delivery(Group group, Claim claim, ByteBuffer payload, boolean atMostOnce) {
        this.group = group;
        this.claim = claim;
        this.payload = payload.asReadOnlyBuffer();
        this.said = new AtomicBoolean(atMostOnce);
    }

    /**
     * The message's bytes, which stay valid.
     *
     * @return a read-only view of its own, from position 0 to the message's length, big-endian
     */
    public ByteBuffer payload() {
        return payload.duplicate();
    }

    /**
     * The message decoded as UTF-8.
     *
     * @return its text; malformed input is replaced by U+FFFD
     */
    public String text() {
        return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }

    /**
     * Which message of the queue it is. The same message has the same number whenever it is delivered, to whatever
     * group.
     *
     * @return a number that grows from message to message
     */
    public long index() {
        return claim.index();
    }

    /**
     * How often the message was delivered to this group, this time included. One that died between taking and getting
     * it counts, too.
     *
     * @return 1 the first time
     */
    public int deliveries() {
        return claim.deliveries();
    }

    /**
     * Acknowledges the message: it will not be delivered to this group again.
     *
     * @return false if it was not this consumer's any more, as {@code ackTimeout} had passed, or something was said
     *         before; it may then be delivered to another. Also if messages are delivered at most once, as then it was
     *         done with from the beginning
     * @throws org.jvmipc.ChannelClosedException if the consumer was closed, which has given it back
     * @throws org.jvmipc.IpcTimeoutException if another consumer is in the way for 10 s, as it was stopped
     */
    public boolean ack() {
        return say(() -> group.acknowledge(claim));
    }

    /**
     * Gives the message back, to be delivered again after the {@code redeliveryDelay} of the group.
     *
     * @return false if it was not this consumer's any more
     * @throws org.jvmipc.ChannelClosedException if the consumer was closed, which has given it back
     * @throws org.jvmipc.IpcTimeoutException if another consumer is in the way for 10 s, as it was stopped
     */
    public boolean nack() {
        return say(() -> group.giveBack(claim, null));
    }

    /**
     * Gives the message back, to be delivered again later.
     *
     * @param delay how long it is to wait
     * @return false if it was not this consumer's any more
     * @throws IllegalArgumentException if the delay is negative
     * @throws org.jvmipc.ChannelClosedException if the consumer was closed, which has given it back
     * @throws org.jvmipc.IpcTimeoutException if another consumer is in the way for 10 s, as it was stopped
     */
    public boolean nack(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a message cannot wait for " + delay + "; 0 or more is needed");
        }
        return say(() -> group.giveBack(claim, delay));
    }

    /** The first one who says something is heard; if that fails it was not said, and can be said again. */
    private boolean say(BooleanSupplier what) {
        if (!said.compareAndSet(false, true)) {
            return false;
        }
        boolean done = false;
        try {
            boolean held = what.getAsBoolean();
            done = true;
            return held;
        } finally {
            if (!done) {
                said.set(false);
            }
        }
    }

    /** Gives the message back at once, unless something was said before. */
    @Override
    public void close() {
        if (!group.isClosed()) {
            say(() -> group.giveBack(claim, Duration.ZERO));
        }
    }

    @Override
    public String toString() {
        return "delivery " + deliveries() + " of message " + Long.toHexString(index()) + ", " + payload.remaining()
                + " bytes";
    }
}

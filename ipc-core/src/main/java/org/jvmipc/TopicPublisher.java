package org.jvmipc;

import java.time.Duration;
import java.util.Objects;
import org.jvmipc.internal.TopicHub;
import org.jvmipc.internal.TopicMessages;
import org.jvmipc.internal.TypedAddress;
import org.jvmipc.spi.Waiter;

/**
 * Publishes values under topics to all {@link TopicSubscriber}s that want them, over any kind of connection. A topic is
 * text such as {@code prices/EUR}; a subscriber wants all topics that begin with one of its prefixes, and gets nothing
 * else: the choice is made here.
 *
 * <pre>{@code
 * try (TopicPublisher<Price> prices = TopicPublisher.at("unix:/run/prices", Codec.ofRecord(Price.class))
 *         .history(100).slow(SlowSubscriber.DROP_OLDEST).open()) {
 *     prices.publish("prices/EUR", price);
 * }
 * }</pre>
 *
 * <p>A subscriber to values of another type is refused, as with {@link Ipc#connect(String, Codec, Codec)}.
 *
 * <p>Each subscriber gets what it wants in the order of publication, and each once. One that comes late first gets
 * those of the last publications, as many as {@link Builder#history} says, that it wants. A slow one is dealt with as
 * {@link Builder#slow} says, and holds up nobody else unless that is {@link SlowSubscriber#WAIT}; a dead one is
 * forgotten.
 *
 * <p><b>Threads.</b> Any thread may call any method. The publisher has no thread of its own.
 *
 * @param <T> what is published
 */
public final class TopicPublisher<T> implements AutoCloseable {
    private final TopicHub hub;
    private final Codec<T> codec;
    private final Address address;

    private TopicPublisher(Builder<T> builder) {
        this.codec = builder.codec;
        Listener listener = TypedAddress.openTopics(builder.address, codec, Ipc::listen);
        this.address = listener.address();
        this.hub = new TopicHub(listener, builder.history, builder.slow, builder.queue);
    }

    /**
     * A publisher to be opened.
     *
     * @param <T> what is published
     * @param address where subscribers connect, such as {@code unix:/run/prices} or {@code shm:prices}
     * @param codec how values become messages
     * @return without history, {@link SlowSubscriber#DROP_OLDEST} and queues of 1,024
     */
    public static <T> Builder<T> at(String address, Codec<T> codec) {
        return at(Address.parse(address), codec);
    }

    /**
     * A publisher to be opened.
     *
     * @param <T> what is published
     * @param address where subscribers connect
     * @param codec how values become messages
     * @return without history, {@link SlowSubscriber#DROP_OLDEST} and queues of 1,024
     */
    public static <T> Builder<T> at(Address address, Codec<T> codec) {
        return new Builder<>(address, codec);
    }

    /**
     * How a publisher is to be.
     *
     * @param <T> what is published
     */
    public static final class Builder<T> {
        private final Address address;
        private final Codec<T> codec;
        private int history;
        private int queue = 1_024;
        private SlowSubscriber slow = SlowSubscriber.DROP_OLDEST;

        private Builder(Address address, Codec<T> codec) {
            this.address = Objects.requireNonNull(address, "address");
            this.codec = Objects.requireNonNull(codec, "codec");
        }

        /**
         * How many of the last publications are kept for subscribers to come, all topics together.
         *
         * @param count 0 or more
         * @return this
         */
        public Builder<T> history(int count) {
            if (count < 0) {
                throw new IllegalArgumentException("a history of " + count + " publications; 0 is none");
            }
            history = count;
            return this;
        }

        /**
         * What is done for a subscriber whose queue is full.
         *
         * @param policy what
         * @return this
         */
        public Builder<T> slow(SlowSubscriber policy) {
            slow = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * How many publications may wait for each subscriber beside those that its channel holds.
         *
         * @param count 1 or more
         * @return this
         */
        public Builder<T> queue(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("a queue of " + count + " publications; at least 1 is needed");
            }
            queue = count;
            return this;
        }

        /**
         * Opens the publisher.
         *
         * @return the publisher; {@link Ipc#listen} says how it fails
         */
        public TopicPublisher<T> open() {
            return new TopicPublisher<>(this);
        }
    }

    /**
     * Publishes a value.
     *
     * @param topic what it is about, at most 1,000 bytes of UTF-8; not empty if anybody but those who want all is to
     *     get it
     * @param value the value
     * @throws InterruptedException if the thread is interrupted while it waits for a slow subscriber; then nobody gets
     *     the value
     * @throws IllegalArgumentException if the value or the topic cannot be sent
     * @throws MessageTooLargeException if it can never fit into a subscriber's channel
     * @throws ChannelClosedException if the publisher is or gets closed
     */
    public void publish(String topic, T value) throws InterruptedException {
        hub.publish(topic, TopicMessages.publication(topic, value, codec));
    }

    /**
     * How many subscribers are connected.
     *
     * @return their number
     */
    public int subscribers() {
        return hub.subscribers();
    }

    /**
     * The address to which subscribers connect.
     *
     * @return the address
     */
    public Address address() {
        return address;
    }

    /**
     * Waits until all that was published is in the channels of the subscribers that are there.
     *
     * @param timeout how long at most
     * @return true if it is, false if the time has passed
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean flush(Duration timeout) throws InterruptedException {
        return hub.flush(Waiter.deadline(timeout));
    }

    /** Ends publishing: subscribers get what is in their channels, then the end. Idempotent. */
    @Override
    public void close() {
        hub.close();
    }
}

package org.jvmipc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jvmipc.internal.Range;
import org.jvmipc.internal.TopicMessages;
import org.jvmipc.internal.TypedAddress;

/**
 * Receives what a {@link TopicPublisher} publishes under the topics that begin with one of its prefixes.
 *
 * <pre>{@code
 * try (TopicSubscriber<Price> prices = TopicSubscriber.open(
 *         "unix:/run/prices", Codec.ofRecord(Price.class), "prices/EUR", "prices/CHF")) {
 *     for (Publication<Price> price : prices.range()) {
 *         …
 *     }
 * }
 * }</pre>
 *
 * <p>When the publisher has closed or died, what is on its way comes first, then the end.
 *
 * <p><b>Threads.</b> Any thread may subscribe, unsubscribe and close; one at a time receives.
 *
 * @param <T> what is published
 */
public final class TopicSubscriber<T> implements AutoCloseable {
    private final Duplex connection;
    private final Codec<T> codec;
    private final ReentrantLock sending = new ReentrantLock();

    private TopicSubscriber(Duplex connection, Codec<T> codec) {
        this.connection = connection;
        this.codec = Objects.requireNonNull(codec, "codec");
    }

    /**
     * Connects to a publisher, which may come later.
     *
     * @param <T> what is published
     * @param address where it publishes
     * @param codec how messages become values
     * @param prefixes what the topics wanted begin with; the empty prefix stands for all
     * @return the subscriber; {@link Ipc#connect} says how it fails
     */
    public static <T> TopicSubscriber<T> open(String address, Codec<T> codec, String... prefixes) {
        return open(Address.parse(address), codec, prefixes);
    }

    /**
     * Connects to a publisher, which may come later.
     *
     * @param <T> what is published
     * @param address where it publishes
     * @param codec how messages become values
     * @param prefixes what the topics wanted begin with; the empty prefix stands for all
     * @return the subscriber; {@link Ipc#connect} says how it fails
     */
    public static <T> TopicSubscriber<T> open(Address address, Codec<T> codec, String... prefixes) {
        TopicSubscriber<T> subscriber = new TopicSubscriber<>(
                TypedAddress.openTopics(address, codec, Ipc::connect), codec);
        try {
            for (String prefix : prefixes) {
                subscriber.subscribe(prefix);
            }
            return subscriber;
        } catch (RuntimeException refused) {
            subscriber.close();
            throw refused;
        }
    }

    /**
     * Wants more topics. What the publisher remembers of them comes first.
     *
     * @param prefix what they begin with, at most 1,000 bytes of UTF-8
     * @throws ChannelFullException if a thousand such wishes wait for a publisher that has not come or does not read
     * @throws PeerGoneException if the publisher has gone
     * @throws ChannelClosedException if this subscriber is closed
     */
    public void subscribe(String prefix) {
        tell(TopicMessages.subscribe(prefix));
    }

    /**
     * Does not want topics any more. What is on its way still comes.
     *
     * @param prefix a prefix that was subscribed to
     * @throws IpcException as {@link #subscribe}
     */
    public void unsubscribe(String prefix) {
        tell(TopicMessages.unsubscribe(prefix));
    }

    private void tell(ByteBuffer control) {
        sending.lock();
        try {
            CompletableFuture<Void> sent = connection.sender().sendAsync(control);
            if (sent.isCompletedExceptionally()) {
                sent.join();
            }
        } catch (CompletionException refused) {
            throw refused.getCause() instanceof RuntimeException why ? why : refused;
        } finally {
            sending.unlock();
        }
    }

    private Publication<T> read(ByteBuffer message) {
        return TopicMessages.read(message, codec);
    }

    /**
     * Receives a publication, waiting as long as it takes.
     *
     * @return the publication
     * @throws EndOfChannelException if the publisher has gone
     * @throws InterruptedException if the thread is interrupted; none is lost
     * @throws MalformedMessageException if it is no value of the type; the next call gets the next one
     */
    public Publication<T> receive() throws InterruptedException {
        return read(connection.receiver().receive().message().payload());
    }

    /**
     * Receives a publication, waiting for a limited time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return the publication, or null if none came
     * @throws EndOfChannelException if the publisher has gone
     * @throws InterruptedException as {@link #receive()}, whose other exceptions it throws, too
     */
    public Publication<T> receive(Duration timeout) throws InterruptedException {
        Received received = connection.receiver().receive(timeout);
        if (received.kind() == Received.Kind.END) {
            throw new EndOfChannelException(connection.address() + " has ended: the publisher has gone");
        }
        return received.isMessage() ? read(received.message().payload()) : null;
    }

    /**
     * The publications as they come, for a loop, until the publisher has gone or this subscriber is closed.
     *
     * @return the publications, each in one loop; interrupts are told as in {@link TypedReceiver#range}
     */
    public Iterable<Publication<T>> range() {
        return () -> new Range<>(this::receive);
    }

    /**
     * Hands each publication to a handler, one after the other, until the publisher has gone or until closed.
     *
     * @param handler gets each publication; if it throws, or one is malformed, this ends
     * @param executor runs the handler; one task at a time
     * @return ends it when closed, and tells when it ends otherwise
     */
    public HandlerRegistration onPublication(Consumer<? super Publication<T>> handler, Executor executor) {
        Objects.requireNonNull(handler, "handler");
        return connection.receiver().onMessage(message -> handler.accept(read(message)), executor);
    }

    /**
     * The publications as values, for a {@link Select}, a publisher, and all else that a {@link TypedReceiver} can do.
     *
     * @return the subscriber's own receiver in another form: what is received there is not received here
     */
    public TypedReceiver<Publication<T>> publications() {
        return TypedReceiver.over(connection.receiver(), TopicMessages.codec(codec));
    }

    /**
     * Waits until the publisher is there.
     *
     * @param timeout how long to wait
     * @return true if it is, false if the time has passed
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean awaitPublisher(Duration timeout) throws InterruptedException {
        return connection.awaitPeer(timeout);
    }

    /** Ends the subscriptions. Idempotent. */
    @Override
    public void close() {
        connection.close();
    }
}

package org.jvmipc;

import java.nio.channels.Channel;
import java.time.Duration;
import java.util.Objects;

/**
 * Waits for peers that {@linkplain Ipc#connect(String, Codec, Codec) connect} for values: a {@link Listener} and a
 * {@link Codec} for each direction. Threads and closing are those of {@link Listener}.
 *
 * @param <S> what goes to peers
 * @param <R> what comes from peers
 */
public final class TypedListener<S, R> implements Channel {
    private final Listener listener;
    private final Codec<S> sent;
    private final Codec<R> received;

    TypedListener(Listener listener, Codec<S> sent, Codec<R> received) {
        this.listener = listener;
        this.sent = Objects.requireNonNull(sent, "sent");
        this.received = Objects.requireNonNull(received, "received");
    }

    /**
     * The address to connect to.
     *
     * @return the address
     */
    public Address address() {
        return listener.address();
    }

    /**
     * Waits for the next peer: {@link Listener#accept()}.
     *
     * @return the connection
     * @throws InterruptedException if the thread is interrupted; the listener stays usable
     * @throws ChannelClosedException if the listener is or gets closed
     */
    public TypedDuplex<S, R> accept() throws InterruptedException {
        return TypedDuplex.over(listener.accept(), sent, received);
    }

    /**
     * Waits for the next peer for a limited time: {@link Listener#accept(Duration)}.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return the connection, or null if nobody came
     * @throws InterruptedException if the thread is interrupted; the listener stays usable
     * @throws ChannelClosedException if the listener is or gets closed
     */
    public TypedDuplex<S, R> accept(Duration timeout) throws InterruptedException {
        Duplex accepted = listener.accept(timeout);
        return accepted == null ? null : TypedDuplex.over(accepted, sent, received);
    }

    /**
     * How what goes to peers becomes messages.
     *
     * @return the codec
     */
    public Codec<S> sent() {
        return sent;
    }

    /**
     * How messages of peers become values.
     *
     * @return the codec
     */
    public Codec<R> received() {
        return received;
    }

    /**
     * The listener below.
     *
     * @return the listener
     */
    public Listener channel() {
        return listener;
    }

    @Override
    public boolean isOpen() {
        return listener.isOpen();
    }

    @Override
    public void close() {
        listener.close();
    }
}

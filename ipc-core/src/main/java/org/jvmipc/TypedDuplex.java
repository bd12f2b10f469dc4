package org.jvmipc;

import java.time.Duration;
import java.util.Objects;

/**
 * Both directions of a channel of values between two peers: a {@link Duplex} and a {@link Codec} for each direction.
 * Opened by {@link Ipc#connect(String, Codec, Codec)} or {@link TypedListener#accept()}, or put {@link #over over} a
 * duplex that is open.
 *
 * @param <S> what goes to the peer
 * @param <R> what comes from the peer
 */
public final class TypedDuplex<S, R> implements Endpoint {
    private final Duplex channel;
    private final TypedSender<S> sender;
    private final TypedReceiver<R> receiver;

    private TypedDuplex(Duplex channel, Codec<S> sent, Codec<R> received) {
        this.channel = channel;
        this.sender = TypedSender.over(channel.sender(), sent);
        this.receiver = TypedReceiver.over(channel.receiver(), received);
    }

    /**
     * Sends and receives values through a connection that is open; its types are not checked.
     *
     * @param <S> what goes to the peer
     * @param <R> what comes from the peer
     * @param channel the connection, which this object closes when it is closed
     * @param sent how values become messages
     * @param received how messages become values
     * @return the typed connection
     */
    public static <S, R> TypedDuplex<S, R> over(Duplex channel, Codec<S> sent, Codec<R> received) {
        return new TypedDuplex<>(Objects.requireNonNull(channel, "channel"), sent, received);
    }

    /**
     * What goes to the peer.
     *
     * @return always the same sender
     */
    public TypedSender<S> sender() {
        return sender;
    }

    /**
     * What comes from the peer.
     *
     * @return always the same receiver
     */
    public TypedReceiver<R> receiver() {
        return receiver;
    }

    /**
     * The connection below.
     *
     * @return the connection
     */
    public Duplex channel() {
        return channel;
    }

    @Override
    public Address address() {
        return channel.address();
    }

    @Override
    public ChannelStatus status() {
        return channel.status();
    }

    @Override
    public boolean awaitPeer(Duration timeout) throws InterruptedException {
        return channel.awaitPeer(timeout);
    }

    @Override
    public Registration onPeer(PeerListener listener) {
        return channel.onPeer(listener);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public boolean close(Duration linger) throws InterruptedException {
        return channel.close(linger);
    }

    @Override
    public String toString() {
        return "connection of " + sender.codec().type() + " and " + receiver.codec().type() + " at " + address();
    }
}

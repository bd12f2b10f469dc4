package org.jvmipc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The end of a channel that values go into: a {@link Sender} and a {@link Codec}. Opened by
 * {@link Ipc#sender(String, Codec)}, which has the type checked, or put {@link #over over} a sender that is open.
 *
 * <p>Threads, waiting, overflow and the exceptions of each form are those of {@link Sender}. All forms throw
 * {@link IllegalArgumentException}, and send nothing, if the codec cannot encode the value.
 *
 * @param <T> what is sent
 */
public final class TypedSender<T> implements Endpoint {
    /** A larger buffer is given back to the collector instead of being kept for the next value. */
    private static final int KEPT = 64 << 10;

    private final Sender channel;
    private final Codec<T> codec;
    /** The buffer for the next value; absent while a thread uses it, when others take a fresh one. */
    private final AtomicReference<ByteBuffer> room = new AtomicReference<>();

    private TypedSender(Sender channel, Codec<T> codec) {
        this.channel = channel;
        this.codec = codec;
    }

    /**
     * Sends values through a sender that is open, such as one half of a {@link Duplex}. The type is checked only if the
     * address it was opened with says {@code typeHash=} and the codec's {@link Codec#typeHash} in hexadecimal digits.
     *
     * @param <T> what is sent
     * @param channel the sender, which this object closes when it is closed
     * @param codec how values become messages
     * @return the typed sender
     */
    public static <T> TypedSender<T> over(Sender channel, Codec<T> codec) {
        return new TypedSender<>(Objects.requireNonNull(channel, "channel"), Objects.requireNonNull(codec, "codec"));
    }

    /** What is done with an encoded value; may wait. */
    private interface Use<R> {
        R apply(ByteBuffer message) throws InterruptedException;
    }

    private <R> R with(T value, Use<R> use) throws InterruptedException {
        ByteBuffer buffer = take();
        try {
            return use.apply(codec.message(value, buffer));
        } finally {
            giveBack(buffer);
        }
    }

    private <R> R promptly(T value, Function<ByteBuffer, R> use) {
        ByteBuffer buffer = take();
        try {
            return use.apply(codec.message(value, buffer));
        } finally {
            giveBack(buffer);
        }
    }

    private ByteBuffer take() {
        ByteBuffer kept = room.getAndSet(null);
        return kept == null ? ByteBuffer.allocate(256) : kept;
    }

    private void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() <= KEPT) {
            room.set(buffer);
        }
    }

    /**
     * Sends a value, waiting for room as long as it takes: {@link Sender#send(ByteBuffer)}.
     *
     * @param value the value
     * @throws InterruptedException if the thread is interrupted before the channel has accepted the value, which is
     *     then not sent
     */
    public void send(T value) throws InterruptedException {
        with(value, message -> {
            channel.send(message);
            return null;
        });
    }

    /**
     * Sends a value, waiting for room for a limited time: {@link Sender#send(ByteBuffer, Duration)}.
     *
     * @param value the value
     * @param timeout how long to wait; zero or less does not wait
     * @throws IpcTimeoutException if there was no room by then; nothing was sent
     * @throws InterruptedException as {@link #send(Object)}
     */
    public void send(T value, Duration timeout) throws InterruptedException {
        with(value, message -> {
            channel.send(message, timeout);
            return null;
        });
    }

    /**
     * Sends a value if that takes no wait: {@link Sender#trySend}.
     *
     * @param value the value
     * @return what became of it
     */
    public SendResult trySend(T value) {
        return promptly(value, channel::trySend);
    }

    /**
     * Sends a value later, in the order of the calls: {@link Sender#sendAsync}.
     *
     * @param value the value, which is encoded before this call returns
     * @return completes when the channel has accepted the value
     */
    public CompletableFuture<Void> sendAsync(T value) {
        return promptly(value, channel::sendAsync);
    }

    /**
     * Sends a value and waits until a receiver has taken it: {@link Sender#transfer(ByteBuffer)}.
     *
     * @param value the value
     * @throws InterruptedException if the thread is interrupted; the value may still be delivered
     * @throws UnsupportedOperationException if the channel has no way back for an acknowledgement
     */
    public void transfer(T value) throws InterruptedException {
        with(value, message -> {
            channel.transfer(message);
            return null;
        });
    }

    /**
     * Sends a value and waits for a limited time until a receiver has taken it:
     * {@link Sender#transfer(ByteBuffer, Duration)}.
     *
     * @param value the value
     * @param timeout how long to wait in all
     * @return what became of it
     * @throws InterruptedException as {@link #transfer(Object)}
     * @throws UnsupportedOperationException as {@link #transfer(Object)}
     */
    public TransferResult transfer(T value, Duration timeout) throws InterruptedException {
        return with(value, message -> channel.transfer(message, timeout));
    }

    /**
     * Sends a value later, in order with {@link #sendAsync}: {@link Sender#transferAsync}.
     *
     * @param value the value, which is encoded before this call returns
     * @return completes when a receiver has taken the value
     * @throws UnsupportedOperationException as {@link #transfer(Object)}
     */
    public CompletableFuture<Void> transferAsync(T value) {
        return promptly(value, channel::transferAsync);
    }

    /**
     * Sends what a publisher gives, with back pressure.
     *
     * @return a new subscriber, for one subscription
     */
    public ChannelSubscriber<T> subscriber() {
        return new ChannelSubscriber<>(this);
    }

    /**
     * The sender below, for messages that the codec does not make.
     *
     * @return the sender
     */
    public Sender channel() {
        return channel;
    }

    /**
     * How values become messages.
     *
     * @return the codec
     */
    public Codec<T> codec() {
        return codec;
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
        return "sender of " + codec.type() + " to " + address();
    }
}

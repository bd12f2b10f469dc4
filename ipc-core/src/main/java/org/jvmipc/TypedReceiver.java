package org.jvmipc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jvmipc.internal.Decoding;
import org.jvmipc.internal.Range;

/**
 * The end of a channel that values come out of: a {@link Receiver} and a {@link Codec}. Opened by
 * {@link Ipc#receiver(String, Codec)}, which has the type checked, or put {@link #over over} a receiver that is open.
 *
 * <p>Threads, waiting, the end and the exceptions of each form are those of {@link Receiver}. A message that is no
 * value of the type is told as a {@link MalformedMessageException} that names channel and sender; it counts as
 * received, and the next call gets the next message.
 *
 * @param <T> what is received
 */
public final class TypedReceiver<T> implements Endpoint {
    private final Receiver channel;
    private final Codec<T> codec;

    private TypedReceiver(Receiver channel, Codec<T> codec) {
        this.channel = channel;
        this.codec = codec;
    }

    /**
     * Receives values through a receiver that is open, such as one half of a {@link Duplex}. The type is checked only
     * if the address it was opened with says {@code typeHash=} and the codec's {@link Codec#typeHash} in hexadecimal
     * digits.
     *
     * @param <T> what is received
     * @param channel the receiver, which this object closes when it is closed
     * @param codec how messages become values
     * @return the typed receiver
     */
    public static <T> TypedReceiver<T> over(Receiver channel, Codec<T> codec) {
        return new TypedReceiver<>(Objects.requireNonNull(channel, "channel"), Objects.requireNonNull(codec, "codec"));
    }

    private T decode(ByteBuffer message, PeerInfo sender) {
        int length = message.remaining();
        try {
            T value = codec.decode(message.order(ByteOrder.BIG_ENDIAN));
            if (value == null) {
                throw new MalformedMessageException("the decoder gave null");
            }
            if (message.hasRemaining()) {
                throw new MalformedMessageException("the decoder left " + message.remaining() + " bytes unread");
            }
            return value;
        } catch (RuntimeException malformed) {
            throw new MalformedMessageException(address() + ": a message of " + length + " bytes from " + sender
                    + " is no " + (codec.type().isEmpty() ? "value" : codec.type()) + ": "
                    + (malformed instanceof MalformedMessageException ? malformed.getMessage() : malformed), malformed);
        }
    }

    private ReceivedValue<T> decode(Received received) {
        if (!received.isMessage()) {
            return ReceivedValue.none(received.kind());
        }
        Message message = received.message();
        return ReceivedValue.of(decode(message.payload(), message.sender()), message.sender());
    }

    /**
     * Receives a value, waiting as long as it takes: {@link Receiver#receive()}.
     *
     * @return the value
     * @throws EndOfChannelException if there will be no more
     * @throws InterruptedException if the thread is interrupted; no message is lost
     */
    public T receive() throws InterruptedException {
        return decode(channel.receive()).value();
    }

    /**
     * Receives a value, waiting for a limited time: {@link Receiver#receive(Duration)}.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return a value, or an outcome of kind {@link Received.Kind#TIMED_OUT} or {@link Received.Kind#END}
     * @throws InterruptedException if the thread is interrupted; no message is lost
     */
    public ReceivedValue<T> receive(Duration timeout) throws InterruptedException {
        return decode(channel.receive(timeout));
    }

    /**
     * Receives a value if one is there: {@link Receiver#tryReceive()}.
     *
     * @return a value, or an outcome of kind {@link Received.Kind#EMPTY} or {@link Received.Kind#END}
     */
    public ReceivedValue<T> tryReceive() {
        return decode(channel.tryReceive());
    }

    /**
     * Takes what is there, decoded in place: {@link Receiver#poll}.
     *
     * @param handler gets each value; if it throws, or the message is malformed, that message counts as received,
     *     later ones stay, and the exception goes to the caller
     * @param limit how many messages at most, at least 1
     * @return how many it took, 0 if none was there, or -1 at the end of the channel
     */
    public int poll(Consumer<? super T> handler, int limit) {
        Objects.requireNonNull(handler, "handler");
        return channel.poll(message -> handler.accept(decode(message, PeerInfo.UNKNOWN)), limit);
    }

    /**
     * Shows the next value and leaves it in the channel: {@link Receiver#peek}.
     *
     * @param handler gets the value; if it throws, or the message is malformed, the exception goes to the caller, and
     *     the message stays
     * @return 1 if there was a message, 0 if none was there, or -1 at the end of the channel
     * @throws UnsupportedOperationException if the transport cannot show a message without taking it
     */
    public int peek(Consumer<? super T> handler) {
        Objects.requireNonNull(handler, "handler");
        return channel.peek(message -> handler.accept(decode(message, PeerInfo.UNKNOWN)));
    }

    /**
     * Hands each value to a handler, one after the other, until the end or until closed:
     * {@link Receiver#onMessage}.
     *
     * @param handler gets each value; if it throws, or the message is malformed, the subscription ends and the
     *     exception goes to the executor's thread
     * @param executor runs the handler; one task at a time
     * @return ends it when closed; the receiver can then be read otherwise again. Also tells when it ends for another
     *     reason, a malformed message among them: {@link HandlerRegistration#ended}
     */
    public HandlerRegistration onValue(Consumer<? super T> handler, Executor executor) {
        Objects.requireNonNull(handler, "handler");
        return channel.onMessage(message -> handler.accept(decode(message, PeerInfo.UNKNOWN)), executor);
    }

    /**
     * The values as they come, for a loop: it waits for each one, and ends at the end of the channel or when this
     * receiver is closed, by any thread.
     *
     * <pre>{@code
     * for (Result result : results.range()) {
     *     …
     * }
     * }</pre>
     *
     * <p>Leaving the loop takes nothing along: what was not handed out is received by the next call. A message that is
     * no
     * value ends the loop with a {@link MalformedMessageException}; the next loop goes on behind it. An interrupt ends
     * it
     * with an {@link java.io.UncheckedIOException} around an {@link java.io.InterruptedIOException}, and the thread's
     * interrupt status is set.
     *
     * @return the values, each in one loop
     */
    public Iterable<T> range() {
        return () -> new Range<>(this::receive);
    }

    /**
     * The values as a stream with back pressure: {@link Receiver#publisher}. A malformed message ends it with
     * {@code onError}.
     *
     * @return the publisher
     */
    public Flow.Publisher<T> publisher() {
        Flow.Publisher<Message> messages = channel.publisher();
        return subscriber -> messages.subscribe(new Decoding<>(subscriber,
                message -> decode(message.payload(), message.sender())));
    }

    /**
     * The receiver below, for messages as they are and for the forms that have no typed counterpart.
     *
     * @return the receiver
     */
    public Receiver channel() {
        return channel;
    }

    /**
     * How messages become values.
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
        return "receiver of " + codec.type() + " from " + address();
    }
}

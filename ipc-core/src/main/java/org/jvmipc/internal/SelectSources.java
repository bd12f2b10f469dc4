package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jvmipc.Duplex;
import org.jvmipc.Endpoint;
import org.jvmipc.Listener;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.Received;
import org.jvmipc.ReceivedValue;
import org.jvmipc.Receiver;
import org.jvmipc.SelectCase;
import org.jvmipc.Sender;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.spi.Port;

/** Registers with a select what it can wait for. */
public final class SelectSources {
    private SelectSources() {
    }

    /**
     * Messages.
     *
     * @param selection where to register
     * @param key the case's key
     * @param receiver where they come from
     * @return the case
     */
    public static SelectCase<Received> receive(Selection selection, Object key, Receiver receiver) {
        return selection.add(key,
                new ReceiveSource<>(receiving(receiver), receiver::tryReceive, Received::kind));
    }

    /**
     * Values.
     *
     * @param <T> their type
     * @param selection where to register
     * @param key the case's key
     * @param receiver where they come from
     * @return the case
     */
    public static <T> SelectCase<ReceivedValue<T>> receive(
            Selection selection, Object key, TypedReceiver<T> receiver) {
        return selection.add(key,
                new ReceiveSource<>(receiving(receiver.channel()), receiver::tryReceive, ReceivedValue::kind));
    }

    /**
     * Room for a message.
     *
     * @param selection where to register
     * @param key the case's key
     * @param sender where it goes
     * @param message what to send
     * @return the case
     */
    public static SelectCase<ByteBuffer> send(Selection selection, Object key, Sender sender, ByteBuffer message) {
        Port port = sending(sender);
        if (message.remaining() > sender.maxMessage()) {
            throw new MessageTooLargeException(sender.address().toString(), message.remaining(), sender.maxMessage(),
                    "send it in parts");
        }
        return selection.add(key, new SendSource<>(port, message, () -> sender.trySend(message),
                timeout -> sender.send(message, timeout)));
    }

    /**
     * Room for a value.
     *
     * @param <T> its type
     * @param selection where to register
     * @param key the case's key
     * @param sender where it goes
     * @param value what to send
     * @return the case
     */
    public static <T> SelectCase<T> send(Selection selection, Object key, TypedSender<T> sender, T value) {
        Objects.requireNonNull(value, "value");
        return selection.add(key, new SendSource<>(sending(sender.channel()), value, () -> sender.trySend(value),
                timeout -> sender.send(value, timeout)));
    }

    /**
     * Peers that connect.
     *
     * @param selection where to register
     * @param key the case's key
     * @param listener to whom
     * @return the case
     */
    public static SelectCase<Duplex> accept(Selection selection, Object key, Listener listener) {
        if (!(listener instanceof PortListener known)) {
            throw new IllegalArgumentException("a select cannot wait for " + listener + "; take a listener of Ipc");
        }
        return selection.add(key, new AcceptSource(known));
    }

    /**
     * Moments.
     *
     * @param selection where to register
     * @param key the case's key
     * @param delay till the first
     * @param period between those that follow; zero if there are none
     * @return the case
     */
    public static SelectCase<Long> timer(Selection selection, Object key, Duration delay, Duration period) {
        // Longer than a program runs is for ever.
        long nanos = period.toDays() > 36_500 ? Long.MAX_VALUE : period.toNanos();
        return selection.add(key, new TimerSource(delay, nanos));
    }

    /**
     * A result.
     *
     * @param <T> its type
     * @param selection where to register
     * @param key the case's key
     * @param stage the computation
     * @return the case
     */
    public static <T> SelectCase<T> future(Selection selection, Object key, CompletionStage<T> stage) {
        return selection.add(key, new FutureSource<T>(Objects.requireNonNull(stage, "stage")));
    }

    private static Port receiving(Receiver receiver) {
        return known(receiver, receiver instanceof PortHolder holder ? holder.receiving() : null);
    }

    private static Port sending(Sender sender) {
        return known(sender, sender instanceof PortHolder holder ? holder.sending() : null);
    }

    private static Port known(Endpoint endpoint, Port port) {
        if (port == null) {
            throw new IllegalArgumentException("a select cannot wait for " + endpoint + "; take an endpoint of Ipc");
        }
        return port;
    }
}

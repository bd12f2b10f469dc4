package org.jvmipc;

import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jvmipc.internal.Addressed;
import org.jvmipc.internal.Opener;
import org.jvmipc.internal.TypedAddress;
import org.jvmipc.spi.Role;

/**
 * Opens channels. Opening checks the address and returns without waiting for a peer: see {@link Endpoint#awaitPeer}.
 *
 * <p>All methods throw {@link IllegalArgumentException} for an unknown scheme or option, a bad value or a bad name,
 * saying what is allowed, before any file is touched; {@link UnsupportedOperationException} for what the scheme
 * cannot do, naming one that can; {@link ChannelExistsException} or {@link ChannelNotFoundException} as the option
 * {@code open} says; {@link IncompatibleChannelException} if the channel exists with another geometry;
 * {@link AccessRefusedException} if it is not ours to use.
 */
public final class Ipc {
    private Ipc() {
    }

    /**
     * Opens the sending end of a channel of messages.
     *
     * @param address such as {@code shm:orders}
     * @return the sender
     */
    public static Sender sender(String address) {
        return sender(Address.parse(address));
    }

    /**
     * Opens the sending end of a channel of messages.
     *
     * @param address the address
     * @return the sender
     */
    public static Sender sender(Address address) {
        return Opener.of(address).sender();
    }

    /**
     * Opens the sending end of a channel of values. The channel takes and gives values of this type only: an end that
     * is opened with another type gets an {@link IncompatibleChannelException}, when it is opened or, where the ends
     * learn of each other by greeting, when it sends or receives. Ends without a type go with any.
     *
     * @param <T> what is sent
     * @param address such as {@code shm:orders}
     * @param codec how values become messages
     * @return the sender
     */
    public static <T> TypedSender<T> sender(String address, Codec<T> codec) {
        return sender(Address.parse(address), codec);
    }

    /**
     * Opens the sending end of a channel of values; see {@link #sender(String, Codec)}.
     *
     * @param <T> what is sent
     * @param address the address
     * @param codec how values become messages
     * @return the sender
     */
    public static <T> TypedSender<T> sender(Address address, Codec<T> codec) {
        return TypedSender.over(TypedAddress.open(address, codec, Ipc::sender), codec);
    }

    /**
     * Opens the receiving end of a channel of messages.
     *
     * @param address such as {@code shm:orders}
     * @return the receiver
     */
    public static Receiver receiver(String address) {
        return receiver(Address.parse(address));
    }

    /**
     * Opens the receiving end of a channel of messages.
     *
     * @param address the address
     * @return the receiver
     */
    public static Receiver receiver(Address address) {
        return Opener.of(address).receiver();
    }

    /**
     * Opens the receiving end of a channel of values; its type is checked as with {@link #sender(String, Codec)}.
     *
     * @param <T> what is received
     * @param address such as {@code shm:orders}
     * @param codec how messages become values
     * @return the receiver
     */
    public static <T> TypedReceiver<T> receiver(String address, Codec<T> codec) {
        return receiver(Address.parse(address), codec);
    }

    /**
     * Opens the receiving end of a channel of values; see {@link #receiver(String, Codec)}.
     *
     * @param <T> what is received
     * @param address the address
     * @param codec how messages become values
     * @return the receiver
     */
    public static <T> TypedReceiver<T> receiver(Address address, Codec<T> codec) {
        return TypedReceiver.over(TypedAddress.open(address, codec, Ipc::receiver), codec);
    }

    /**
     * Connects to a peer that {@link #listen listens}, for messages in both directions. The listener may come later.
     *
     * @param address such as {@code unix:/run/user/1000/chat}
     * @return both ends
     */
    public static Duplex connect(String address) {
        return connect(Address.parse(address));
    }

    /**
     * Connects to a peer that {@link #listen listens}, for messages in both directions. The listener may come later.
     *
     * @param address the address
     * @return both ends
     */
    public static Duplex connect(Address address) {
        return Opener.of(address).duplex();
    }

    /**
     * Connects to a peer that {@linkplain #listen(String, Codec, Codec) listens}, for values in both directions. The
     * types are checked as with {@link #sender(String, Codec)}: both sides must have the same for each direction.
     *
     * @param <S> what goes to the peer
     * @param <R> what comes from the peer
     * @param address such as {@code unix:/run/user/1000/orders}
     * @param sent how values become messages
     * @param received how messages become values
     * @return both ends
     */
    public static <S, R> TypedDuplex<S, R> connect(String address, Codec<S> sent, Codec<R> received) {
        return connect(Address.parse(address), sent, received);
    }

    /**
     * Connects to a peer that listens, for values in both directions; see {@link #connect(String, Codec, Codec)}.
     *
     * @param <S> what goes to the peer
     * @param <R> what comes from the peer
     * @param address the address
     * @param sent how values become messages
     * @param received how messages become values
     * @return both ends
     */
    public static <S, R> TypedDuplex<S, R> connect(Address address, Codec<S> sent, Codec<R> received) {
        return TypedDuplex.over(TypedAddress.open(address, sent, received, Ipc::connect), sent, received);
    }

    /**
     * Listens for peers that {@link #connect connect}.
     *
     * @param address such as {@code unix:/run/user/1000/chat}
     * @return the listener
     */
    public static Listener listen(String address) {
        return listen(Address.parse(address));
    }

    /**
     * Listens for peers that {@link #connect connect}.
     *
     * @param address the address
     * @return the listener
     */
    public static Listener listen(Address address) {
        return Opener.of(address).listener();
    }

    /**
     * Listens for peers that {@linkplain #connect(String, Codec, Codec) connect} for values.
     *
     * @param <S> what goes to peers
     * @param <R> what comes from peers
     * @param address such as {@code unix:/run/user/1000/orders}
     * @param sent how values become messages
     * @param received how messages become values
     * @return the listener
     */
    public static <S, R> TypedListener<S, R> listen(String address, Codec<S> sent, Codec<R> received) {
        return listen(Address.parse(address), sent, received);
    }

    /**
     * Listens for peers that connect for values; see {@link #listen(String, Codec, Codec)}.
     *
     * @param <S> what goes to peers
     * @param <R> what comes from peers
     * @param address the address
     * @param sent how values become messages
     * @param received how messages become values
     * @return the listener
     */
    public static <S, R> TypedListener<S, R> listen(Address address, Codec<S> sent, Codec<R> received) {
        return new TypedListener<>(TypedAddress.open(address, received, sent, Ipc::listen), sent, received);
    }

    /**
     * Channels of records under one name and a number. None is opened before it is asked for.
     *
     * @param <R> the record class
     * @param address such as {@code shm:result}, for {@code shm:result-0} and so on
     * @param size how many, at least 1
     * @param record the record class; {@link Codec#ofRecord(Class)} says which
     * @return the channels
     */
    public static <R extends Record> ChannelArray<R> array(String address, int size, Class<R> record) {
        return array(Address.parse(address), size, Codec.ofRecord(record));
    }

    /**
     * Channels of values under one name and a number; see {@link #array(String, int, Class)}.
     *
     * @param <T> what is sent
     * @param address the address
     * @param size how many, at least 1
     * @param codec how values become messages, and messages values
     * @return the channels
     */
    public static <T> ChannelArray<T> array(Address address, int size, Codec<T> codec) {
        return new ChannelArray<>(address, size, codec);
    }

    /**
     * Opens the writing end of a channel of bytes. Writing blocks until all is written; an interrupt ends it with an
     * {@link java.io.InterruptedIOException} that tells how much was, and leaves the channel open.
     *
     * @param address the address
     * @return the channel; any thread may use it, one write at a time
     */
    public static WritableByteChannel sink(String address) {
        return sink(Address.parse(address));
    }

    /**
     * Opens the writing end of a channel of bytes; see {@link #sink(String)}.
     *
     * @param address the address
     * @return the channel
     */
    public static WritableByteChannel sink(Address address) {
        return Opener.of(address).stream(Role.SENDER);
    }

    /**
     * Opens the reading end of a channel of bytes. Reading blocks until there is a byte or the end; an interrupt ends
     * it with an {@link java.io.InterruptedIOException} and leaves the channel open.
     *
     * @param address the address
     * @return the channel; any thread may use it, one read at a time
     */
    public static ReadableByteChannel source(String address) {
        return source(Address.parse(address));
    }

    /**
     * Opens the reading end of a channel of bytes; see {@link #source(String)}.
     *
     * @param address the address
     * @return the channel
     */
    public static ReadableByteChannel source(Address address) {
        return Opener.of(address).stream(Role.RECEIVER);
    }

    /**
     * Connects to a peer that listens, for bytes in both directions; see {@link #sink(String)} and
     * {@link #source(String)}. The other side is {@link Listener#acceptStream}.
     *
     * @param address the address
     * @return the channel; a read and a write may go on at the same time
     */
    public static ByteChannel stream(String address) {
        return stream(Address.parse(address));
    }

    /**
     * Connects to a peer that listens, for bytes in both directions; see {@link #stream(String)}.
     *
     * @param address the address
     * @return the channel
     */
    public static ByteChannel stream(Address address) {
        return Opener.of(address).stream(Role.BOTH);
    }

    /**
     * As {@link #stream(Address)}, with asynchronous operations.
     *
     * @param address the address
     * @return the channel
     */
    public static AsynchronousByteChannel asynchronousStream(Address address) {
        return Opener.of(address).asynchronousStream(Role.BOTH);
    }

    /**
     * As {@link #sink(Address)}, with asynchronous operations; reading is not possible.
     *
     * @param address the address
     * @return the channel
     */
    public static AsynchronousByteChannel asynchronousSink(Address address) {
        return Opener.of(address).asynchronousStream(Role.SENDER);
    }

    /**
     * As {@link #source(Address)}, with asynchronous operations; writing is not possible.
     *
     * @param address the address
     * @return the channel
     */
    public static AsynchronousByteChannel asynchronousSource(Address address) {
        return Opener.of(address).asynchronousStream(Role.RECEIVER);
    }

    /**
     * The address under which a peer reaches the other end of a channel. For channels of bytes, which are of the JDK's
     * own types and cannot be asked themselves; above all for {@code pipe:}, which makes a name of its own.
     *
     * @param channel a channel that was opened here, of bytes or of messages, or a listener
     * @return the address
     * @throws IllegalArgumentException if it is another kind of channel
     */
    public static Address addressOf(Channel channel) {
        if (channel instanceof Addressed bytes) {
            return bytes.address();
        }
        if (channel instanceof Endpoint endpoint) {
            return endpoint.address();
        }
        if (channel instanceof Listener listener) {
            return listener.address();
        }
        throw new IllegalArgumentException("a channel of " + channel.getClass().getName()
                + " was not opened by Ipc and has no address");
    }
}

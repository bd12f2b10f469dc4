package org.jvmipc;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Channels of one type under one name and a number: {@code shm:result-0}, {@code shm:result-1}, … Processes that share
 * the work open the array by the same name, and each takes the ends that are its own:
 *
 * <pre>{@code
 * try (ChannelArray<Result> results = Ipc.array("shm:result", 4, Result.class)) {
 *     results.sender(worker).send(result);          // in a worker
 * }
 * try (ChannelArray<Result> results = Ipc.array("shm:result", 4, Result.class)) {
 *     for (TypedReceiver<Result> one : results.receivers()) {
 *         for (Result result : one.range()) {       // in the one that collects
 *             …
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>An end is opened when it is first asked for, and closed with the array, unless it was closed before. Any thread
 * may
 * call any method; the ends have the rules of {@link Sender} and {@link Receiver}.
 *
 * @param <T> what is sent
 */
public final class ChannelArray<T> implements AutoCloseable {
    private final Address address;
    private final Codec<T> codec;
    private final List<TypedSender<T>> senders;
    private final List<TypedReceiver<T>> receivers;
    private boolean closed;

    ChannelArray(Address address, int size, Codec<T> codec) {
        if (size < 1) {
            throw new IllegalArgumentException("an array of " + size + " channels; at least 1 is needed");
        }
        this.address = Objects.requireNonNull(address, "address");
        this.codec = Objects.requireNonNull(codec, "codec");
        this.senders = new ArrayList<>();
        this.receivers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            senders.add(null);
            receivers.add(null);
        }
    }

    /**
     * How many channels there are.
     *
     * @return at least 1
     */
    public int size() {
        return senders.size();
    }

    /**
     * The address of one channel.
     *
     * @param index from 0 to the size, exclusively
     * @return the array's address with {@code -index} behind its name
     */
    public Address address(int index) {
        Objects.checkIndex(index, size());
        return address.withName(address.name() + "-" + index);
    }

    /**
     * The sending end of one channel.
     *
     * @param index from 0 to the size, exclusively
     * @return the same one each time
     * @throws ChannelClosedException if the array was closed
     */
    public synchronized TypedSender<T> sender(int index) {
        checkOpen();
        TypedSender<T> sender = senders.get(index);
        if (sender == null) {
            sender = Ipc.sender(address(index), codec);
            senders.set(index, sender);
        }
        return sender;
    }

    /**
     * The receiving end of one channel.
     *
     * @param index from 0 to the size, exclusively
     * @return the same one each time
     * @throws ChannelClosedException if the array was closed
     */
    public synchronized TypedReceiver<T> receiver(int index) {
        checkOpen();
        TypedReceiver<T> receiver = receivers.get(index);
        if (receiver == null) {
            receiver = Ipc.receiver(address(index), codec);
            receivers.set(index, receiver);
        }
        return receiver;
    }

    /**
     * All sending ends.
     *
     * @return in the order of their numbers
     */
    public List<TypedSender<T>> senders() {
        List<TypedSender<T>> all = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            all.add(sender(i));
        }
        return List.copyOf(all);
    }

    /**
     * All receiving ends.
     *
     * @return in the order of their numbers
     */
    public List<TypedReceiver<T>> receivers() {
        List<TypedReceiver<T>> all = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            all.add(receiver(i));
        }
        return List.copyOf(all);
    }

    private void checkOpen() {
        if (closed) {
            throw new ChannelClosedException("the array " + address + " was closed");
        }
    }

    /** Closes all ends that were opened through this object; idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        senders.stream().filter(Objects::nonNull).forEach(TypedSender::close);
        receivers.stream().filter(Objects::nonNull).forEach(TypedReceiver::close);
    }

    @Override
    public String toString() {
        return size() + " channels of " + codec.type() + " at " + address;
    }
}

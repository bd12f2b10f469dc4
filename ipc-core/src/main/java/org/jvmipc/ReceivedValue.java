package org.jvmipc;

import java.util.Objects;

/**
 * The outcome of a typed receive: a value, or why there is none. Immutable, as far as the value is.
 *
 * @param <T> what is received
 */
public final class ReceivedValue<T> {
    private final Received.Kind kind;
    private final T value;
    private final PeerInfo sender;

    private ReceivedValue(Received.Kind kind, T value, PeerInfo sender) {
        this.kind = kind;
        this.value = value;
        this.sender = sender;
    }

    static <T> ReceivedValue<T> none(Received.Kind kind) {
        return new ReceivedValue<>(kind, null, PeerInfo.UNKNOWN);
    }

    static <T> ReceivedValue<T> of(T value, PeerInfo sender) {
        return new ReceivedValue<>(Received.Kind.MESSAGE, Objects.requireNonNull(value, "value"), sender);
    }

    /**
     * Which outcome this is.
     *
     * @return the kind
     */
    public Received.Kind kind() {
        return kind;
    }

    /**
     * Whether a value was received.
     *
     * @return true if {@link #value()} has one
     */
    public boolean isValue() {
        return kind == Received.Kind.MESSAGE;
    }

    /**
     * The value.
     *
     * @return what was received
     * @throws IllegalStateException if this is another outcome
     */
    public T value() {
        if (!isValue()) {
            throw new IllegalStateException("no value was received: the outcome is " + kind);
        }
        return value;
    }

    /**
     * Who sent it.
     *
     * @return the peer, {@link PeerInfo#UNKNOWN} if the transport cannot tell or this is another outcome
     */
    public PeerInfo sender() {
        return sender;
    }

    @Override
    public String toString() {
        return isValue() ? value + " from " + sender : kind.toString();
    }
}

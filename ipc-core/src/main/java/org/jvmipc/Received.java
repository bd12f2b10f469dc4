package org.jvmipc;

import java.util.Objects;

/** The outcome of a receive: a message, or why there is none. Immutable. */
public final class Received {
    /** What a receive may end with. */
    public enum Kind {
        /** A message was received. */
        MESSAGE,
        /** There was none at the moment. */
        EMPTY,
        /** There was none by the deadline. */
        TIMED_OUT,
        /** All senders have gone and all they sent has been received; there will be no more. */
        END
    }

    /** There was no message at the moment. */
    public static final Received EMPTY = new Received(Kind.EMPTY, null);
    /** There was no message by the deadline. */
    public static final Received TIMED_OUT = new Received(Kind.TIMED_OUT, null);
    /** There will be no more messages. */
    public static final Received END = new Received(Kind.END, null);

    private final Kind kind;
    private final Message message;

    private Received(Kind kind, Message message) {
        this.kind = kind;
        this.message = message;
    }

    /**
     * Wraps a message.
     *
     * @param message what was received
     * @return an outcome of kind {@link Kind#MESSAGE}
     */
    public static Received of(Message message) {
        return new Received(Kind.MESSAGE, Objects.requireNonNull(message, "message"));
    }

    /**
     * Which outcome this is.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Whether a message was received.
     *
     * @return true if {@link #message()} has one
     */
    public boolean isMessage() {
        return message != null;
    }

    /**
     * The message.
     *
     * @return what was received
     * @throws IllegalStateException if this is another outcome
     */
    public Message message() {
        if (message == null) {
            throw new IllegalStateException("no message was received: the outcome is " + kind);
        }
        return message;
    }

    /**
     * The message as UTF-8 text, for short: {@code message().text()}.
     *
     * @return its text
     * @throws IllegalStateException if this is another outcome
     */
    public String text() {
        return message().text();
    }

    @Override
    public String toString() {
        return message == null ? kind.toString() : message.toString();
    }
}

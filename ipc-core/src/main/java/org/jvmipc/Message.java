package org.jvmipc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A received message: a private copy of its bytes, and what the transport knows of its origin. Immutable.
 */
public final class Message {
    private final ByteBuffer payload;
    private final PeerInfo sender;
    private final long missed;
    private final int priority;
    private final long type;

    /**
     * Creates a message; for transports.
     *
     * @param payload the bytes from position to limit, which nobody else changes from now on
     * @param sender who sent it, {@link PeerInfo#UNKNOWN} if the transport cannot tell
     */
    public Message(ByteBuffer payload, PeerInfo sender) {
        this(payload, sender, 0);
    }

    /**
     * Creates a message that follows some that were dropped; for transports.
     *
     * @param payload the bytes from position to limit, which nobody else changes from now on
     * @param sender who sent it, {@link PeerInfo#UNKNOWN} if the transport cannot tell
     * @param missed how many messages the receiver was to get before it, and did not
     */
    public Message(ByteBuffer payload, PeerInfo sender, long missed) {
        this(payload.slice().asReadOnlyBuffer(), Objects.requireNonNull(sender, "sender"), missed, 0, 0);
    }

    private Message(ByteBuffer payload, PeerInfo sender, long missed, int priority, long type) {
        this.payload = payload;
        this.sender = sender;
        this.missed = missed;
        this.priority = priority;
        this.type = type;
    }

    /**
     * The same message with a priority; for transports.
     *
     * @param urgency what it was sent with
     * @return another message
     */
    public Message withPriority(int urgency) {
        return new Message(payload, sender, missed, urgency, type);
    }

    /**
     * The same message with a type; for transports.
     *
     * @param label what it was sent with
     * @return another message
     */
    public Message withType(long label) {
        return new Message(payload, sender, missed, priority, label);
    }

    /**
     * The message's bytes.
     *
     * @return a read-only view of its own, from position 0 to the message's length, big-endian
     */
    public ByteBuffer payload() {
        return payload.duplicate();
    }

    /**
     * The message's length.
     *
     * @return bytes
     */
    public int length() {
        return payload.remaining();
    }

    /**
     * The message's bytes as an array.
     *
     * @return a copy
     */
    public byte[] bytes() {
        byte[] copy = new byte[payload.remaining()];
        payload.duplicate().get(copy);
        return copy;
    }

    /**
     * The message decoded as UTF-8.
     *
     * @return its text; malformed input is replaced by U+FFFD
     */
    public String text() {
        return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }

    /**
     * Who sent it.
     *
     * @return the peer, {@link PeerInfo#UNKNOWN} if the transport cannot tell: so it is in {@code shm:} for what was
     *     there already when somebody else was found in the place of a sender that had gone
     */
    public PeerInfo sender() {
        return sender;
    }

    /**
     * How many messages were dropped between the one that was received before and this one, as the receiver was too
     * slow for a channel that does not wait ({@code overflow=dropOldest}).
     *
     * @return their number, 0 in a channel that drops none
     */
    public long missed() {
        return missed;
    }

    /**
     * The priority that it was sent with, in a channel that hands over the most urgent message first
     * ({@code posixmq:}, and {@code queue:} with {@code lanes=}).
     *
     * @return the priority, the higher the more urgent; 0 where the transport has none
     */
    public int priority() {
        return priority;
    }

    /**
     * The type that it was sent with, in a channel whose receivers may choose by type ({@code sysvmq:}); in
     * {@code signal:} the number of the signal.
     *
     * @return the type, at least 1; 0 where the transport has none
     */
    public long type() {
        return type;
    }

    @Override
    public String toString() {
        return "message of " + length() + " bytes from " + sender;
    }
}

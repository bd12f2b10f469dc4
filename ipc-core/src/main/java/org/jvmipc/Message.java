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
        this.missed = missed;
        this.payload = payload.slice().asReadOnlyBuffer();
        this.sender = Objects.requireNonNull(sender, "sender");
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
     * @return the peer, {@link PeerInfo#UNKNOWN} if the transport cannot tell
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

    @Override
    public String toString() {
        return "message of " + length() + " bytes from " + sender;
    }
}

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

    /**
     * Creates a message; for transports.
     *
     * @param payload the bytes from position to limit, which nobody else changes from now on
     * @param sender who sent it, {@link PeerInfo#UNKNOWN} if the transport cannot tell
     */
    public Message(ByteBuffer payload, PeerInfo sender) {
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

    @Override
    public String toString() {
        return "message of " + length() + " bytes from " + sender;
    }
}

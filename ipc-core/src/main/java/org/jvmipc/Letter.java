package org.jvmipc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jvmipc.internal.Letters;

/**
 * What a {@link Mailbox} receives: a message, who has written it, and to whom. Immutable.
 *
 * @param source the name of the mailbox that it was sent from, to which a reply goes
 * @param destination the name of the mailbox that it was sent to
 * @param payload the message: read-only, from position 0 to its length; each call of {@link #payload()} gives a view of
 *     its own
 * @param process who sent it, {@link PeerInfo#UNKNOWN} if the transport cannot tell
 */
public record Letter(String source, String destination, ByteBuffer payload, PeerInfo process) {
    /**
     * The message's bytes.
     *
     * @return a read-only view of its own, from position 0 to the message's length, big-endian
     */
    @Override
    public ByteBuffer payload() {
        return payload.asReadOnlyBuffer().order(ByteOrder.BIG_ENDIAN);
    }

    /**
     * The message decoded as UTF-8.
     *
     * @return its text; malformed input is replaced by U+FFFD
     */
    public String text() {
        return StandardCharsets.UTF_8.decode(payload()).toString();
    }

    /**
     * The message decoded.
     *
     * @param <T> what was sent
     * @param codec how messages become values
     * @return the value
     * @throws MalformedMessageException if it is none
     */
    public <T> T value(Codec<T> codec) {
        return Letters.value(codec, this);
    }

    @Override
    public String toString() {
        return payload.remaining() + " bytes from " + source + " to " + destination;
    }
}

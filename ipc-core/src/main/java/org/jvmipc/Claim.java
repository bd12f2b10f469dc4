package org.jvmipc;

import java.nio.ByteBuffer;

/**
 * Room for one message in a channel, to be filled in place: fill {@link #buffer()}, then {@link #commit()}. Closing
 * without a commit aborts, so that {@code try (Claim c = sender.tryClaim(n)) { …; c.commit(); }} never leaves a claim
 * open. Used by the one thread that made the claim; the next call on the sender comes after it has ended.
 */
public interface Claim extends AutoCloseable {
    /**
     * The room: from position 0 to the length claimed, big-endian, its content undefined until written.
     *
     * @return the buffer, to be used until the claim ends; always the whole length claimed is sent
     * @throws IllegalStateException if the claim has ended
     */
    ByteBuffer buffer();

    /**
     * Sends the message. On a ring this takes no time; a transport that has no memory to lend copies now and waits
     * for room, without heeding interrupts.
     *
     * @throws IllegalStateException if the claim has ended
     * @throws ChannelClosedException if the sender was closed
     * @throws PeerGoneException if the receiver has gone
     */
    void commit();

    /** Gives the room back; nothing is sent. Does nothing if the claim has ended. */
    void abort();

    /** Aborts, unless committed. */
    @Override
    default void close() {
        abort();
    }
}

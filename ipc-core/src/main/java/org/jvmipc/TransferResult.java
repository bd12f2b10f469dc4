package org.jvmipc;

/** What became of a timed {@link Sender#transfer(java.nio.ByteBuffer, java.time.Duration) transfer}. */
public enum TransferResult {
    /** A receiver's {@code receive} or handler has returned the message. */
    TAKEN,
    /** The channel accepted the message, and nobody had taken it by the deadline; it may still be delivered. */
    UNCONFIRMED,
    /** The channel had no room by the deadline; the message was not sent and will not be delivered. */
    NOT_SENT
}

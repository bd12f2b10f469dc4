package org.jvmipc.spi;

/** What a channel is opened to carry. */
public enum Framing {
    /** Messages with their boundaries. */
    DATAGRAM,
    /** Bytes in order. */
    STREAM
}

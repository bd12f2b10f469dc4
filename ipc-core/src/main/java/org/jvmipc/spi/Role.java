package org.jvmipc.spi;

/** Which directions of a channel are wanted by the one who opens it. */
public enum Role {
    /** Sends. */
    SENDER,
    /** Receives. */
    RECEIVER,
    /** Both, as the side that connects. */
    BOTH
}

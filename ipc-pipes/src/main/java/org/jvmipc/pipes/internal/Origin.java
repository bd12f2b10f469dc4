package org.jvmipc.pipes.internal;

import org.jvmipc.spi.Readiness;

/** Where the connections of one channel come from: connecting, or being connected to. */
interface Origin {
    /**
     * Tries to get a connection; one thread at a time calls it.
     *
     * @return the connection, or null if nobody is there at present
     */
    Wire next();

    /** Tells when another attempt is worth while; always the same object. */
    Readiness pending();

    /** There will be no further attempt: gives up what stands behind it, and the name. Idempotent. */
    void close();
}

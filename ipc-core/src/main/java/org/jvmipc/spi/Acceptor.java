package org.jvmipc.spi;

import org.jvmipc.Address;

/** Accepts connections, without blocking. One thread at a time calls {@link #tryAccept}; any may close. */
public interface Acceptor {
    /**
     * The address to connect to.
     *
     * @return the address
     */
    Address address();

    /**
     * Accepts a connection if one is there.
     *
     * @param framing what it will carry
     * @return its ports, both directions, or null
     */
    Link tryAccept(Framing framing);

    /**
     * Tells when another attempt is worth while.
     *
     * @return always the same object
     */
    Readiness readiness();

    /** Stops listening, removes the name and wakes all sleepers; idempotent. */
    void close();
}

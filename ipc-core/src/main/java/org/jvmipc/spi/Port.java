package org.jvmipc.spi;

/**
 * One direction of an opened channel; non-blocking. Unless said otherwise, methods are called by one thread at a time
 * (core sees to it); {@link #idle}, {@link #readiness}, {@link #close} and the counters may be called by any thread at
 * any time, and a call that runs while the port is closed ends soon, without harm.
 */
public interface Port {
    /**
     * Tells when another attempt is worth while.
     *
     * @return always the same object
     */
    Readiness readiness();

    /**
     * Looks after what needs looking after: connects, watches life signs, flushes acknowledgements, tells
     * {@link Peers}. Called about every 200 ms while somebody waits or listens for peers.
     */
    default void idle() {
    }

    /**
     * The transport's own port beneath one that core has put on it.
     *
     * @return this, if there is none beneath
     */
    default Port beneath() {
        return this;
    }

    /** Closes this direction and wakes its sleepers; idempotent. The other direction lives on. */
    void close();

    /**
     * Messages accepted and not yet received.
     *
     * @return -1 if unknown
     */
    default long depthMessages() {
        return -1;
    }

    /**
     * Bytes accepted and not yet received.
     *
     * @return -1 if unknown
     */
    default long depthBytes() {
        return -1;
    }

    /**
     * Bytes that fit.
     *
     * @return -1 if unknown
     */
    default long capacityBytes() {
        return -1;
    }

    /**
     * Messages that this port itself dropped to make room, or was to receive and missed.
     *
     * @return their number
     */
    default long dropped() {
        return 0;
    }

    /**
     * Who holds this direction up, for the message of a timeout.
     *
     * @return such as {@code pid 4711 (com.example.Consumer)}, or an empty string if unknown
     */
    default String heldUpBy() {
        return "";
    }
}

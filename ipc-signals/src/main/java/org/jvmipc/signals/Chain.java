package org.jvmipc.signals;

/** Who else gets a signal, after the handlers of this toolkit have returned. */
public enum Chain {
    /**
     * Handlers that other code had installed before; but not the JVM's own, which ends it upon HUP, INT and TERM. The
     * program itself says what such a signal means.
     */
    OTHERS,
    /** As {@link #OTHERS}, and upon HUP, INT and TERM the JVM ends afterwards, with its shutdown hooks. */
    ALL,
    /** Nobody. */
    NONE
}

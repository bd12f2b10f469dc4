package org.jvmipc.cli.demo;

/** How the two directions that round trips need are made. */
public enum Way {
    /** One side listens, the other connects. */
    LISTEN,
    /** One side makes it and tells the other its address. */
    OFFER,
    /** By two channels, as there are no connections. */
    PAIR
}

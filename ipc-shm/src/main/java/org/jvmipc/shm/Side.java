package org.jvmipc.shm;

/** The two kinds of participants of a ring. */
enum Side {
    /** Those who send. */
    PRODUCER,
    /** Those who receive. */
    CONSUMER;

    Side other() {
        return this == PRODUCER ? CONSUMER : PRODUCER;
    }
}

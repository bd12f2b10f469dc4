package org.jvmipc.mq.internal.persistent;

import org.jvmipc.spi.MessageIn;

/** Receives messages that have numbers. */
interface NumberedIn extends MessageIn {
    /** The number of the message that is being handed over, or was last; -1 if there was none. */
    long number();

    /** When that one was sent, in microseconds since 1970. */
    long time();
}

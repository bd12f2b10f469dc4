package org.jvmipc.internal;

import org.jvmipc.spi.Port;

/** What all endpoints are: something over ports. */
public interface PortHolder {
    /** The port for what is sent, or null. */
    Port sending();

    /** The port for what is received, or null. */
    Port receiving();
}

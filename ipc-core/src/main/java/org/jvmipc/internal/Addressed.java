package org.jvmipc.internal;

import org.jvmipc.Address;

/** A channel of bytes that knows its address, which the JDK's interfaces have no place for. */
public interface Addressed {
    Address address();
}

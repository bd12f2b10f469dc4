package org.jvmipc.spi;

import org.jvmipc.Address;

/** The ports of an opened channel: of messages or of bytes. Core makes the one kind from the other as needed. */
public sealed interface Link permits MessageLink, ByteLink {
    /**
     * The address under which a peer reaches this end.
     *
     * @return the address
     */
    Address address();

    /**
     * The peers.
     *
     * @return null if the transport cannot know them
     */
    Peers peers();
}

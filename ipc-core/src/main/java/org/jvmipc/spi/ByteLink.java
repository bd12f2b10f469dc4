package org.jvmipc.spi;

import org.jvmipc.Address;

/**
 * Ports of a transport of bytes, or of packets whose boundaries core frames all the same ({@link ByteOut#packets()}).
 * If both ports are there for an endpoint that wants one direction only, the other serves as the way back for
 * acknowledgements and greetings.
 *
 * @param address the address under which a peer reaches this end
 * @param out where bytes go, or null
 * @param in where bytes come from, or null
 * @param peers the peers, or null if the transport cannot know them
 */
public record ByteLink(Address address, ByteOut out, ByteIn in, Peers peers) implements Link {
}

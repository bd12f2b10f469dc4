package org.jvmipc.spi;

import org.jvmipc.Address;

/**
 * Ports of a transport that keeps the boundaries of messages.
 *
 * @param address the address under which a peer reaches this end
 * @param out where messages go, or null
 * @param in where messages come from, or null
 * @param peers the peers, or null if the transport cannot know them
 */
public record MessageLink(Address address, MessageOut out, MessageIn in, Peers peers) implements Link {
}

package org.jvmipc.spi;

import org.jvmipc.Address;

/**
 * What a provider is asked to open.
 *
 * @param address the address, its name checked by {@link ChannelProvider#checkName}
 * @param values its checked options
 * @param role the directions wanted
 * @param framing what will be carried
 */
public record OpenRequest(Address address, OptionValues values, Role role, Framing framing) {
}

/**
 * What a transport implements: {@link org.jvmipc.spi.ChannelProvider} and the non-blocking ports that it opens. Not
 * for users of channels.
 */
package org.jvmipc.spi;

package org.jvmipc.spi;

import java.util.List;
import org.jvmipc.Address;

/**
 * A transport. Found by {@link java.util.ServiceLoader}, so that it needs a public constructor without arguments, which
 * must be cheap: no native code, no file, no thread. Its methods may be called by any thread.
 *
 * <p>A transport gives non-blocking ports; waiting, deadlines, interrupts, asynchronous forms, framing and segmenting
 * are core's.
 */
public interface ChannelProvider {
    /**
     * The scheme of its addresses.
     *
     * @return such as {@code shm}
     */
    String scheme();

    /**
     * The options of its addresses.
     *
     * @return always the same set
     */
    Options options();

    /**
     * Checks an address's name, and what of its options depends on each other, without touching any file.
     *
     * @param address the address
     * @param values its options, each checked by itself
     * @throws IllegalArgumentException if it is not allowed; the message says what is
     */
    void checkName(Address address, OptionValues values);

    /**
     * Opens a channel without waiting for a peer.
     *
     * @param request what is wanted
     * @return the ports; those of the directions wanted are not null
     * @throws UnsupportedOperationException if the scheme has no such direction or framing; the message names one that
     *     has
     */
    Link open(OpenRequest request);

    /**
     * Opens a name to which peers connect.
     *
     * @param request what is wanted; its role is {@link Role#BOTH}, its framing that of the first accept
     * @return what accepts them
     * @throws UnsupportedOperationException if the scheme has no listeners; the message names one that has
     */
    Acceptor listen(OpenRequest request);

    /**
     * The options that a JVM of this version must be started with to use this transport, with the class path of this
     * process; for those who start JVMs.
     *
     * @return none in most cases
     */
    default List<String> jvmFlags() {
        return List.of();
    }
}

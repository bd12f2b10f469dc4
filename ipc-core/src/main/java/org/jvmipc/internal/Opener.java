package org.jvmipc.internal;

import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.ByteChannel;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jvmipc.Address;
import org.jvmipc.Duplex;
import org.jvmipc.Listener;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.spi.ByteLink;
import org.jvmipc.spi.ChannelProvider;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Role;

/** Finds the provider of an address, checks the address, and opens it. */
public final class Opener {
    private static final Map<String, ChannelProvider> PROVIDERS = load();

    private final ChannelProvider provider;
    private final Address address;
    private final OptionValues values;

    private Opener(ChannelProvider provider, Address address, OptionValues values) {
        this.provider = provider;
        this.address = address;
        this.values = values;
    }

    /**
     * Checks an address.
     *
     * @param address the address
     * @return what opens it
     * @throws IllegalArgumentException if it is not allowed
     */
    public static Opener of(Address address) {
        ChannelProvider provider = PROVIDERS.get(address.scheme());
        if (provider == null) {
            throw new IllegalArgumentException("scheme \"" + address.scheme() + "\" of " + address + " is unknown; the "
                    + "class path or module path offers " + PROVIDERS.keySet());
        }
        OptionValues values = provider.options().check(address);
        provider.checkName(address, values);
        return new Opener(provider, address, values);
    }

    private static Map<String, ChannelProvider> load() {
        Map<String, ChannelProvider> found = new TreeMap<>();
        for (ChannelProvider provider : ServiceLoader.load(ChannelProvider.class, Opener.class.getClassLoader())) {
            ChannelProvider other = found.put(provider.scheme(), provider);
            if (other != null && other.getClass() != provider.getClass()) {
                throw new IllegalStateException("scheme " + provider.scheme() + " is offered twice, by "
                        + other.getClass().getName() + " and " + provider.getClass().getName());
            }
        }
        return found;
    }

    private Link open(Role role, Framing framing) {
        return provider.open(new OpenRequest(address, values, role, framing));
    }

    /**
     * Opens the sending end.
     *
     * @return the sender
     */
    public Sender sender() {
        return Endpoints.sender(open(Role.SENDER, Framing.DATAGRAM), values);
    }

    /**
     * Opens the receiving end.
     *
     * @return the receiver
     */
    public Receiver receiver() {
        return Endpoints.receiver(open(Role.RECEIVER, Framing.DATAGRAM), values);
    }

    /**
     * Opens the receiving end over a port that is put on the transport's.
     *
     * @param change gets the transport's port
     * @return the receiver
     * @throws UnsupportedOperationException if it has no port of messages
     */
    public Receiver receiver(UnaryOperator<MessageIn> change) {
        Link link = open(Role.RECEIVER, Framing.DATAGRAM);
        if (link instanceof MessageLink messages) {
            return Endpoints.receiver(
                    new MessageLink(messages.address(), null, change.apply(messages.in()), messages.peers()), values);
        }
        ((ByteLink) link).in().close();
        throw new UnsupportedOperationException(address + " carries bytes, which this program cannot look into; take a "
                + "scheme that keeps the boundaries of messages, such as shm: or queue:");
    }

    /**
     * Connects.
     *
     * @return both ends
     */
    public Duplex duplex() {
        return Endpoints.duplex(open(Role.BOTH, Framing.DATAGRAM), values);
    }

    /**
     * Listens.
     *
     * @return the listener
     */
    public Listener listener() {
        return new PortListener(
                provider.listen(new OpenRequest(address, values, Role.BOTH, Framing.DATAGRAM)), values);
    }

    /**
     * Opens a stream.
     *
     * @param role the directions
     * @return the stream
     */
    public ByteChannel stream(Role role) {
        return Endpoints.stream(open(role, Framing.STREAM), values);
    }

    /**
     * Opens a stream with asynchronous operations.
     *
     * @param role the directions
     * @return the stream
     */
    public AsynchronousByteChannel asynchronousStream(Role role) {
        return Endpoints.asynchronousStream(open(role, Framing.STREAM), values);
    }
}

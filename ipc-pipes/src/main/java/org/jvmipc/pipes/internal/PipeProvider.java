package org.jvmipc.pipes.internal;

import org.jvmipc.Address;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.ByteLink;
import org.jvmipc.spi.ChannelProvider;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Role;

/**
 * The scheme {@code pipe:}, anonymous pipes of the kernel between a process and another one of the same user, mostly a
 * child that it starts: the one makes them ({@code pipe:}) and hands the address that it gets to the other.
 */
public final class PipeProvider implements ChannelProvider {
    private static final String NO_NAME = "an anonymous pipe has no name; fifo: has";
    private static final Options OPTIONS = Options.common()
            .refuse("open", NO_NAME)
            .refuse("keep", NO_NAME)
            .refuse("peerDeath", "an anonymous pipe has one peer, and never another; fifo: and unix: wait for the next")
            .size("capacity", FifoProvider.CAPACITY, FifoProvider.PIPE_BUF, 1 << 30);

    /** Creates the provider. */
    public PipeProvider() {
    }

    @Override
    public String scheme() {
        return "pipe";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public void checkName(Address address, OptionValues values) {
        PipeAddress.of(address);
    }

    @Override
    public Link open(OpenRequest request) {
        NativeLibrary.requireSupported();
        Role role = request.role();
        boolean sends = role != Role.RECEIVER;
        boolean receives = role != Role.SENDER;
        OptionValues values = request.values();
        PipeAddress offered = PipeAddress.of(request.address());
        Address address = request.address();
        Origin origin;
        if (offered == null) {
            int capacity = values.isGiven("capacity") ? Math.toIntExact(values.size("capacity")) : 0;
            OfferedPipes made = OfferedPipes.make(sends, receives, capacity);
            address = address.withName(made.address().name());
            origin = made;
        } else {
            origin = new OnceOrigin(attach(offered, request.address().toString(), sends, receives));
        }
        Session session = (role == Role.BOTH ? Session.bothWays(origin, role, false)
                : Session.oneWay(origin, role, false)).started();
        return new ByteLink(address,
                sends ? new SessionOut(session, SessionOut.Limits.stream(values.size("capacity"))) : null,
                receives ? new SessionIn(session, 1) : null, new Peers());
    }

    private static Wire attach(PipeAddress offered, String channel, boolean sends, boolean receives) {
        Fd in = null;
        Fd out = null;
        boolean attached = false;
        try {
            in = receives ? offered.open(PipeAddress.Kind.READ, channel) : null;
            out = sends ? offered.open(PipeAddress.Kind.WRITE, channel) : null;
            if (offered.ends().size() != (sends && receives ? 3 : 2)) {
                throw new IllegalArgumentException(channel + " goes both ways; open it with connect");
            }
            OfferedPipes.tellAttached(offered, channel);
            attached = true;
            return new PipeWire(in, out, Fd::close);
        } finally {
            if (!attached) {
                OfferedPipes.closeAll(in, out);
            }
        }
    }

    @Override
    public Acceptor listen(OpenRequest request) {
        throw new UnsupportedOperationException("nobody can connect to an anonymous pipe: open pipe: with connect and"
                + " hand its address() to the child, or listen on unix: or fifo:");
    }
}

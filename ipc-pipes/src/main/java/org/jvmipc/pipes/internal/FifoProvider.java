package org.jvmipc.pipes.internal;

import org.jvmipc.Address;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.ByteLink;
import org.jvmipc.spi.ChannelProvider;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Role;

/**
 * The scheme {@code fifo:}, named FIFOs: one for one direction, two of them for each connection that goes both ways.
 */
public final class FifoProvider implements ChannelProvider {
    /** What the kernel writes as a whole; POSIX promises less, Linux has always had this. */
    static final int PIPE_BUF = 4096;
    /** What a pipe holds unless told otherwise. */
    static final int CAPACITY = 64 << 10;
    private static final Options OPTIONS = Options.common()
            .choice("writers", "many", "1", "many")
            .size("capacity", CAPACITY, PIPE_BUF, 1 << 30);

    /** Creates the provider. */
    public FifoProvider() {
    }

    @Override
    public String scheme() {
        return "fifo";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public void checkName(Address address, OptionValues values) {
        SocketName.absolute(address);
    }

    @Override
    public Link open(OpenRequest request) {
        NativeLibrary.requireSupported();
        Address address = request.address();
        OptionValues values = request.values();
        boolean again = values.waitsForPeers();
        if (request.role() == Role.BOTH) {
            if (values.text("open").equals("create") && FileEntry.at(SocketName.absolute(address)) != null) {
                throw new ChannelExistsException(address
                        + ": the FIFO exists; leave open=create out to connect to its listener");
            }
            String open = values.text("open").equals("attach") ? "attach" : FifoFile.AWAIT;
            Origin origin = new FifoConnector(address.toString(), SocketName.absolute(address),
                    file(address, values, open), capacity(values));
            return both(address, values, Session.bothWays(origin, Role.BOTH, again).started());
        }
        boolean onlyWriter = values.text("writers").equals("1");
        FifoFile file = file(address, values, values.text("open"));
        Origin origin = new FifoOrigin(address.toString(), file, request.role(), onlyWriter);
        Session session = Session.oneWay(origin, request.role(), again).started();
        if (request.role() == Role.RECEIVER) {
            return new ByteLink(address, null, new SessionIn(session, 1), new Peers());
        }
        boolean whole = !onlyWriter && request.framing() == Framing.DATAGRAM;
        SessionOut.Limits limits = whole
                ? new SessionOut.Limits(PIPE_BUF, false, PIPE_BUF, values.size("capacity"),
                        "writers=1 on the sending side takes any size, if there is only one sender; or use unix:")
                : SessionOut.Limits.stream(values.size("capacity"));
        return new ByteLink(address, new SessionOut(session, limits), null, new Peers());
    }

    /** The last one who closes removes the FIFO, unless told to keep it or to use one that others look after. */
    private static FifoFile file(Address address, OptionValues values, String open) {
        boolean others = values.text("open").equals("attach");
        return new FifoFile(address.toString(), SocketName.absolute(address),
                new FifoFile.Policy(open, !values.flag("keep") && !others, !others, capacity(values)));
    }

    private static int capacity(OptionValues values) {
        return values.isGiven("capacity") ? Math.toIntExact(values.size("capacity")) : 0;
    }

    private static ByteLink both(Address address, OptionValues values, Session session) {
        return new ByteLink(address, new SessionOut(session, SessionOut.Limits.stream(values.size("capacity"))),
                new SessionIn(session, 1), new Peers());
    }

    @Override
    public Acceptor listen(OpenRequest request) {
        NativeLibrary.requireSupported();
        Address address = request.address();
        OptionValues values = request.values();
        FifoListener listener = new FifoListener(address.toString(), SocketName.absolute(address),
                file(address, values, values.text("open")), capacity(values));
        return new SocketAcceptor(address, listener, (wire, framing) -> both(address, values,
                Session.bothWays(new OnceOrigin(wire), Role.BOTH, false)));
    }
}

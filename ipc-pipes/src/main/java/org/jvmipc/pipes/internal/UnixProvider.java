package org.jvmipc.pipes.internal;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jvmipc.Address;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.posix.SocketCalls;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.ByteLink;
import org.jvmipc.spi.ChannelProvider;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Role;

/**
 * The scheme {@code unix:}, Unix-domain sockets. Stream sockets by path use what the JDK has; all others, and those
 * that need to know who is at the other end, are native.
 */
public final class UnixProvider implements ChannelProvider {
    private static final Options OPTIONS = Options.common()
            .choice("type", "stream", "stream", "seqpacket", "dgram")
            .text("allow", "", Pattern.compile("\\d{1,9}(,\\d{1,9}){0,31}"),
                    "1 to 32 user ids separated by commas, such as 0,1000")
            .flag("descriptors", false);

    /** Creates the provider. */
    public UnixProvider() {
    }

    @Override
    public String scheme() {
        return "unix";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public void checkName(Address address, OptionValues values) {
        SocketName.of(address);
        if (values.flag("descriptors") && isDatagram(values)) {
            throw new IllegalArgumentException(
                    "descriptors=true does not go with type=dgram; use type=stream or type=seqpacket");
        }
        if (values.isGiven("peerDeath") && isDatagram(values)) {
            throw new IllegalArgumentException("peerDeath does not go with type=dgram, which knows no peers;"
                    + " use type=stream or type=seqpacket");
        }
        if (values.isGiven("typeHash") && isDatagram(values)) {
            throw new IllegalArgumentException("typeHash does not go with type=dgram, whose messages have no greeting"
                    + " that tells their type; use type=stream or type=seqpacket, or put TypedSender.over and"
                    + " TypedReceiver.over on ends without type, which then compare nothing");
        }
    }

    private static int type(OptionValues values) {
        return switch (values.text("type")) {
            case "dgram" -> SocketCalls.SOCK_DGRAM;
            case "seqpacket" -> SocketCalls.SOCK_SEQPACKET;
            default -> SocketCalls.SOCK_STREAM;
        };
    }

    private static boolean isDatagram(OptionValues values) {
        return values.text("type").equals("dgram");
    }

    @Override
    public Link open(OpenRequest request) {
        checkOpen(request);
        if (isDatagram(request.values())) {
            return openDatagram(request);
        }
        Role role = request.role();
        Transport transport = Transport.of(request);
        Origin origin = role == Role.RECEIVER ? transport.listen() : transport.connect();
        boolean again = request.values().waitsForPeers();
        // Messages use the other way for receipts and greetings; bytes alone do not.
        Session session = (role != Role.BOTH && request.framing() == Framing.STREAM
                ? Session.oneWay(origin, role, again) : Session.bothWays(origin, role, again)).started();
        SessionOut out = new SessionOut(session, transport.limits(request.framing()));
        SessionIn in = new SessionIn(session, transport.leastRoom());
        if (request.framing() == Framing.STREAM) {
            return new ByteLink(request.address(), role == Role.RECEIVER ? null : out, role == Role.SENDER ? null : in,
                    new Peers());
        }
        return new ByteLink(request.address(), out, in, new Peers());
    }

    /** {@code open=attach} wants something to be there, {@code open=create} nothing; a dead socket is nothing. */
    private static void checkOpen(OpenRequest request) {
        String open = request.values().text("open");
        if (open.equals("createOrAttach")) {
            return;
        }
        SocketName name = SocketName.of(request.address());
        boolean exists = name.isAbstract()
                ? SocketKind.isTaken(type(request.values()), name.text()) : FileEntry.at(name.path()) != null;
        if (open.equals("attach") && !exists) {
            throw new ChannelNotFoundException(request.address()
                    + ": nobody has bound this name; start the receiving side first, or leave open=attach out");
        }
        if (open.equals("create") && exists && request.role() == Role.SENDER) {
            throw new ChannelExistsException(request.address()
                    + ": somebody has bound this name already; leave open=create out to send to it");
        }
    }

    private static Link openDatagram(OpenRequest request) {
        Address address = request.address();
        OptionValues values = request.values();
        if (request.role() == Role.BOTH) {
            throw noConnections(address);
        }
        NativeLibrary.requireSupported();
        SocketName name = SocketName.of(address);
        SocketKind kind = SocketKind.of(SocketCalls.SOCK_DGRAM, false);
        if (request.role() == Role.SENDER) {
            return new MessageLink(address, new DatagramOut(address.toString(), name, kind,
                    allowed(values), values.maxMessage()), null, null);
        }
        return new MessageLink(address, null, new DatagramIn(address.toString(), name, kind,
                admitted(values), values.flag("keep")), null);
    }

    private static UnsupportedOperationException noConnections(Address address) {
        return new UnsupportedOperationException(address + ": datagram sockets have no connections; use a sender and a"
                + " receiver, or type=seqpacket, which keeps messages apart as well");
    }

    @Override
    public Acceptor listen(OpenRequest request) {
        if (isDatagram(request.values())) {
            throw noConnections(request.address());
        }
        checkOpen(request);
        Transport transport = Transport.of(request);
        Origin origin = transport.listen();
        return new SocketAcceptor(request.address(), origin, (wire, framing) -> {
            Session session = Session.bothWays(new OnceOrigin(wire), Role.BOTH, false);
            return new ByteLink(request.address(), new SessionOut(session, transport.limits(framing)),
                    new SessionIn(session, transport.leastRoom()), new Peers());
        });
    }

    /** The uids that the address names. */
    private static Set<Integer> allowed(OptionValues values) {
        String list = values.text("allow");
        return list.isEmpty() ? Set.of() : Arrays.stream(list.split(","))
                .map(Integer::valueOf).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The uids that are let in: those that the address names, or else this user only. */
    private static Set<Integer> admitted(OptionValues values) {
        return values.isGiven("allow") ? allowed(values) : Set.of(FileEntry.self());
    }

    /** How a connection is made: by what the JDK has, or natively. */
    private interface Transport {
        Origin connect();

        Origin listen();

        SessionOut.Limits limits(Framing framing);

        int leastRoom();

        static Transport of(OpenRequest request) {
            OptionValues values = request.values();
            SocketName name = SocketName.of(request.address());
            if (type(values) == SocketCalls.SOCK_STREAM && !name.isAbstract() && !values.isGiven("allow")
                    && !values.flag("descriptors")) {
                return new Plain(request.address().toString(), name, values.flag("keep"));
            }
            NativeLibrary.requireSupported();
            return new Native(request.address().toString(), name, values, SocketKind.of(
                    type(values), values.flag("descriptors")));
        }
    }

    private record Plain(String channel, SocketName name, boolean keep) implements Transport {
        @Override
        public Origin connect() {
            return new NioConnector(channel, name.path());
        }

        @Override
        public Origin listen() {
            return NioListener.bind(name.path(), keep);
        }

        @Override
        public SessionOut.Limits limits(Framing framing) {
            return SessionOut.Limits.stream(-1);
        }

        @Override
        public int leastRoom() {
            return 1;
        }
    }

    private record Native(String channel, SocketName name, OptionValues values, SocketKind kind)
            implements Transport {
        @Override
        public Origin connect() {
            return new NativeConnector(channel, name, kind, allowed(values));
        }

        @Override
        public Origin listen() {
            return NativeListener.bind(channel, name, kind, admitted(values), values.flag("keep"));
        }

        @Override
        public SessionOut.Limits limits(Framing framing) {
            return kind.limits(framing);
        }

        @Override
        public int leastRoom() {
            return kind.isPackets() ? kind.largestPacket() : 1;
        }
    }
}

package org.jvmipc.pipes.internal;

import java.nio.channels.Channel;
import org.jvmipc.pipes.UnixCredentials;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Ports;

/** What native sockets can beyond other channels, by the endpoint that a user holds. */
public final class NativeWires {
    private static final String NATIVE =
            "it needs a native unix: connection: type=seqpacket, an abstract name, allow= or descriptors=true";

    private NativeWires() {
    }

    public static UnixCredentials credentials(Channel endpoint) {
        return wire(endpoint, Ports.sending(endpoint) != null, NATIVE).peer();
    }

    public static void attach(Channel endpoint, int[] descriptors) {
        NativeWire wire = wire(endpoint, true, "it needs the option descriptors=true on both sides");
        requirePassing(wire);
        for (int descriptor : descriptors) {
            wire.attachDescriptor(descriptor);
        }
    }

    public static int take(Channel endpoint) {
        NativeWire wire = wire(endpoint, false, "it needs the option descriptors=true on both sides");
        requirePassing(wire);
        return wire.takeDescriptor();
    }

    private static void requirePassing(NativeWire wire) {
        if (!wire.passesDescriptors()) {
            throw new UnsupportedOperationException(
                    "this connection passes no descriptors; give unix: the option descriptors=true on both sides");
        }
    }

    private static NativeWire wire(Channel endpoint, boolean sends, String need) {
        Port port = sends ? Ports.sending(endpoint) : Ports.receiving(endpoint);
        Session session = port instanceof SessionOut out ? out.session()
                : port instanceof SessionIn in ? in.session() : null;
        if (session == null) {
            throw new UnsupportedOperationException("this channel cannot do that: " + need);
        }
        Wire wire = session.present();
        if (wire == null) {
            wire = session.connect();
        }
        if (wire == null) {
            throw new IllegalStateException("nobody is connected; wait with awaitPeer first");
        }
        if (wire instanceof NativeWire found) {
            return found;
        }
        throw new UnsupportedOperationException("this channel cannot do that: " + need);
    }
}

package org.jvmipc.pipes.internal;

import java.util.function.BiFunction;
import org.jvmipc.Address;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;

/** Hands out each connection of an origin as a channel of its own. */
final class SocketAcceptor implements Acceptor {
    private final Address address;
    private final Origin origin;
    private final BiFunction<Wire, Framing, Link> links;
    private final SwitchReadiness readiness;

    SocketAcceptor(Address address, Origin origin, BiFunction<Wire, Framing, Link> links) {
        this.address = address;
        this.origin = origin;
        this.links = links;
        this.readiness = new SwitchReadiness(origin.pending());
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Link tryAccept(Framing framing) {
        Wire wire = origin.next();
        return wire == null ? null : links.apply(wire, framing);
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    @Override
    public synchronized void close() {
        origin.close();
        readiness.switchTo(PauseReadiness.AT_ONCE);
    }
}

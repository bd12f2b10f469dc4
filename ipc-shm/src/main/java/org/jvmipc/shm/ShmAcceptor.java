package org.jvmipc.shm;

import java.nio.file.Path;
import org.jvmipc.Address;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.Readiness;

/** Waits at a {@link Door} and accepts whoever knocks. */
final class ShmAcceptor implements Acceptor {
    private final ShmOpener opener;
    private final Bell bell;
    private final Runnable closer = this::close;
    /** Null when closed. */
    private volatile Segment door;
    private volatile long handledKnocks = -1;

    ShmAcceptor(ShmOpener opener) {
        this.opener = opener;
        this.door = opener.door(Door.path(opener.file()));
        this.bell = opener.terms().bell(door.memory(), SegmentLayout.CONSUMER_SEQUENCE, this::mayAccept);
        OpenPorts.add(closer, opener.terms().maySleep());
    }

    private boolean mayAccept() {
        Segment open = door;
        return open == null || Door.knocks(open.memory()) != handledKnocks;
    }

    @Override
    public Address address() {
        return opener.address();
    }

    @Override
    public Link tryAccept(Framing framing) {
        Segment open = door;
        if (open == null) {
            return null;
        }
        long knocks = Door.knocks(open.memory());
        for (Path connection : Door.connections(opener.file())) {
            Link link = Door.accept(opener, connection);
            if (link != null) {
                return link;
            }
        }
        handledKnocks = knocks;
        return null;
    }

    @Override
    public Readiness readiness() {
        return bell;
    }

    @Override
    public void close() {
        Segment open;
        synchronized (this) {
            open = door;
            door = null;
        }
        if (open != null) {
            OpenPorts.remove(closer);
            bell.close();
            open.leave();
        }
    }
}

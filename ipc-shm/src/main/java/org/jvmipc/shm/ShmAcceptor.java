package org.jvmipc.shm;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.Log;
import org.jvmipc.spi.Readiness;

/** Waits at a {@link Door} and accepts whoever knocks. */
final class ShmAcceptor implements Acceptor {
    private final ShmOpener opener;
    private final Bell bell;
    private final Runnable closer = this::close;
    /** For the thread that accepts: who wanted something else, and may still be there. */
    private final Set<Path> refused = new HashSet<>();
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
        List<Path> connections = Door.connections(opener.file());
        refused.retainAll(connections); // names are never used again
        for (Path connection : connections) {
            Link link = refused.contains(connection) ? null : accept(connection);
            if (link != null) {
                return link;
            }
        }
        handledKnocks = knocks;
        return null;
    }

    private Link accept(Path connection) {
        try {
            return Door.accept(opener, connection);
        } catch (IncompatibleChannelException differs) {
            refused.add(connection);
            Door.turnAway(opener, connection);
            Log.warning("a connection was refused: " + differs.getMessage(), null);
            return null;
        }
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

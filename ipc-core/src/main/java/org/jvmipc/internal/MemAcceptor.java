package org.jvmipc.internal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jvmipc.Address;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.ParkReadiness;
import org.jvmipc.spi.Readiness;

/** Connections that wait for a listener, or for it to accept them. */
final class MemAcceptor implements Acceptor {
    private final Address address;
    private final Queue<Connection> waiting = new ConcurrentLinkedQueue<>();
    private final ParkReadiness readiness = new ParkReadiness(() -> this.isReady());
    private Runnable onClose;
    /** The type of the listener's messages, empty for any. */
    private String type = "";
    private volatile boolean closed;

    /** The listener's end of a connection, the type of its messages, and the two directions. */
    private record Connection(MessageLink link, String type, MemChannel there, MemChannel back) {
        /** Its maker has closed the other end, and a listener would find nothing in it. */
        boolean isAbandoned(boolean someoneListens) {
            return there.isWithoutSenders() && back.isWithoutReceivers() && !(someoneListens && there.depth() > 0);
        }
    }

    MemAcceptor(Address address) {
        this.address = address;
    }

    private boolean isReady() {
        return closed || !waiting.isEmpty();
    }

    /** A listener takes over; false if there is one. Who came before with another type is turned away. */
    synchronized boolean listen(String itsType, Runnable whenClosed) {
        if (onClose != null) {
            return false;
        }
        onClose = whenClosed;
        type = itsType;
        waiting.removeIf(connection -> {
            boolean differs = differs(connection.type);
            if (differs) {
                refuse(connection.link);
            }
            return differs;
        });
        return true;
    }

    private boolean differs(String other) {
        return !type.isEmpty() && !other.isEmpty() && !type.equals(other);
    }

    /** A connection for the listener, at once or later. */
    void offer(MessageLink link, String itsType, MemChannel there, MemChannel back) {
        synchronized (this) {
            if (!closed && differs(itsType)) {
                refuse(link);
                throw new IncompatibleChannelException(address + ": this side wants messages of type " + itsType
                        + ", the listener has type " + type);
            }
            if (!closed) {
                waiting.add(new Connection(link, itsType, there, back));
                readiness.signal();
                return;
            }
        }
        refuse(link);
    }

    /** Drops connections that nobody has accepted and whose makers have gone; false if nothing is left. */
    synchronized boolean dropAbandoned() {
        boolean someoneListens = onClose != null;
        for (Connection connection : waiting) {
            if (connection.isAbandoned(someoneListens) && waiting.remove(connection)) {
                refuse(connection.link);
            }
        }
        return someoneListens || !waiting.isEmpty();
    }

    private static void refuse(MessageLink link) {
        link.out().close();
        link.in().close();
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Link tryAccept(Framing framing) {
        Connection next = waiting.poll();
        return next == null ? null : next.link;
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        onClose.run();
        for (Connection next = waiting.poll(); next != null; next = waiting.poll()) {
            refuse(next.link);
        }
        readiness.wakeUp();
    }
}

package org.jvmipc.internal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jvmipc.Address;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.ParkReadiness;
import org.jvmipc.spi.Readiness;

/** Connections that wait for a listener, or for it to accept them. */
final class MemAcceptor implements Acceptor {
    private final Address address;
    private final Queue<MessageLink> waiting = new ConcurrentLinkedQueue<>();
    private final ParkReadiness readiness = new ParkReadiness(() -> !waiting.isEmpty());
    private Runnable onClose;
    private boolean closed;

    MemAcceptor(Address address) {
        this.address = address;
    }

    /** A listener takes over; false if there is one. */
    synchronized boolean listen(Runnable whenClosed) {
        if (onClose != null) {
            return false;
        }
        onClose = whenClosed;
        return true;
    }

    void offer(MessageLink link) {
        synchronized (this) {
            if (!closed) {
                waiting.add(link);
                readiness.signal();
                return;
            }
        }
        refuse(link);
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
        return waiting.poll();
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
        for (MessageLink link = waiting.poll(); link != null; link = waiting.poll()) {
            refuse(link);
        }
        readiness.wakeUp();
    }
}

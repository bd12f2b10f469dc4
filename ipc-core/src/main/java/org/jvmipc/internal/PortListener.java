package org.jvmipc.internal;

import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Duplex;
import org.jvmipc.Listener;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Readiness;
import org.jvmipc.spi.Waiter;

/** Waits for peers over any acceptor. */
final class PortListener implements Listener {
    private final Acceptor acceptor;
    private final OptionValues values;
    private final Waiter waiter;
    private final ReentrantLock accepting = new ReentrantLock();
    private volatile boolean closed;

    PortListener(Acceptor acceptor, OptionValues values) {
        this.acceptor = acceptor;
        // A connection that was accepted is over with its peer: the next one is accepted as another connection.
        this.values = values.withOnePeer();
        this.waiter = new Waiter(values.waitStrategy());
    }

    @Override
    public Address address() {
        return acceptor.address().without("open");
    }

    @Override
    public Duplex accept() throws InterruptedException {
        return Endpoints.duplex(accept(Long.MAX_VALUE, Framing.DATAGRAM), values);
    }

    @Override
    public Duplex accept(Duration timeout) throws InterruptedException {
        Link link = accept(Waiter.deadline(timeout), Framing.DATAGRAM);
        return link == null ? null : Endpoints.duplex(link, values);
    }

    /** Accepts a connection if one is there and nobody else is accepting. */
    Duplex tryAccept() {
        if (!accepting.tryLock()) {
            return null;
        }
        try {
            checkOpen();
            Link link = acceptor.tryAccept(Framing.DATAGRAM);
            return link == null ? null : Endpoints.duplex(link, values);
        } finally {
            accepting.unlock();
        }
    }

    /** Tells when {@link #tryAccept} is worth while. */
    Readiness readiness() {
        return acceptor.readiness();
    }

    @Override
    public ByteChannel acceptStream(Duration timeout) throws InterruptedException {
        Link link = accept(Waiter.deadline(timeout), Framing.STREAM);
        return link == null ? null : Endpoints.stream(link, values);
    }

    private Link accept(long deadline, Framing framing) throws InterruptedException {
        if (deadline == Long.MAX_VALUE) {
            accepting.lockInterruptibly();
        } else if (!accepting.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            while (true) {
                checkOpen();
                Link link = acceptor.tryAccept(framing);
                if (link != null) {
                    return link;
                }
                if (!waiter.await(acceptor.readiness(), deadline)) {
                    return null;
                }
            }
        } finally {
            accepting.unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new ChannelClosedException("the listener on " + address() + " was closed");
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
        acceptor.readiness().wakeUp();
        acceptor.close();
    }
}

package org.jvmipc.shm;

import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.Address;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.ParkReadiness;
import org.jvmipc.spi.Readiness;

/**
 * Accepts one connection at a time: its rings are there from the beginning, and made anew when both sides have closed
 * the one before.
 */
final class ShmAcceptor implements Acceptor {
    /** How often it is looked whether the other side has closed the connection before. */
    private static final long RETRY_NANOS = 10_000_000;

    private final Address address;
    private final ShmOpener impatient;
    private final AtomicInteger openPorts = new AtomicInteger();
    private final ParkReadiness ended = new ParkReadiness(this::mayPrepare);
    private final Bell bell = new Bell(ended, ended::signal);
    private Waiting waiting;
    private boolean closed;
    private volatile long triedAt = System.nanoTime() - RETRY_NANOS;

    /** A connection that nobody has taken yet. */
    private record Waiting(MessageLink link, ShmReceiver in, ShmSender out) {
        /** Whether somebody has connected, though he may have gone again. */
        boolean isTaken() {
            in.idle();
            out.idle();
            return in.hasMet() && out.hasMet();
        }

        /** Whether somebody died while he connected. */
        boolean isSpoilt() {
            return out.isPeerGone() && !in.hasMet();
        }

        void close() {
            in.close();
            out.close();
        }
    }

    ShmAcceptor(Address address, ShmOpener opener) {
        this.address = address;
        this.impatient = opener.with(false, this::portClosed);
        prepare(opener.with(true, this::portClosed));
    }

    private void prepare(ShmOpener how) {
        openPorts.set(2);
        try {
            MessageLink link = how.connection(true);
            waiting = new Waiting(link, (ShmReceiver) link.in(), (ShmSender) link.out());
        } catch (RuntimeException | Error refused) {
            openPorts.set(0);
            throw refused;
        }
        Bell arrivals = waiting.in.arrivals();
        bell.replace(arrivals, arrivals::close);
    }

    private void portClosed() {
        if (openPorts.decrementAndGet() == 0) {
            ended.signal();
        }
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public synchronized Link tryAccept(Framing framing) {
        if (closed || openPorts.get() == 0 && !prepareAgain()) {
            return null;
        }
        Waiting candidate = waiting;
        if (candidate == null) {
            return null;
        }
        boolean taken = candidate.isTaken();
        if (!taken && !candidate.isSpoilt()) {
            return null;
        }
        waiting = null;
        bell.replace(ended, ended::signal);
        if (!taken) {
            candidate.close();
            return null;
        }
        return candidate.link;
    }

    private boolean mayPrepare() {
        return openPorts.get() == 0 && System.nanoTime() - triedAt >= RETRY_NANOS;
    }

    /** False if the other side has not closed the connection before. */
    private boolean prepareAgain() {
        if (!mayPrepare()) {
            return false;
        }
        triedAt = System.nanoTime();
        try {
            prepare(impatient);
            return true;
        } catch (ChannelExistsException | IpcTimeoutException later) {
            return false;
        }
    }

    @Override
    public Readiness readiness() {
        return bell;
    }

    @Override
    public void close() {
        Waiting unused;
        synchronized (this) {
            closed = true;
            unused = waiting;
            waiting = null;
        }
        if (unused != null) {
            unused.close();
        }
        bell.close();
    }
}

package org.jvmipc.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Duplex;
import org.jvmipc.Listener;
import org.jvmipc.Registration;
import org.jvmipc.spi.Waiter;

/** Hands over the connections of a listener as they come, on the thread that all channels share. */
final class Accepting implements Registration {
    private static final Registration NOTHING = () -> {
    };

    private final PortListener listener;
    private final Consumer<Duplex> handler;
    /** Not zero while a drain is under way or due. */
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final Registration ticking;
    private volatile Registration arming = NOTHING;
    private volatile boolean over;

    private Accepting(PortListener listener, Consumer<Duplex> handler) {
        this.listener = listener;
        this.handler = handler;
        this.ticking = Background.every(Waiter.SLICE_NANOS / 1_000_000, this::run);
    }

    static Registration from(Listener listener, Consumer<Duplex> handler) {
        if (!(listener instanceof PortListener port)) {
            throw new IllegalArgumentException("a listener of " + listener.getClass().getName()
                    + " was not opened by Ipc");
        }
        Accepting accepting = new Accepting(port, handler);
        accepting.run();
        return accepting;
    }

    private void run() {
        if (running.getAndIncrement() == 0) {
            Background.events().execute(this::drain);
        }
    }

    private void drain() {
        int missed = 1;
        do {
            try {
                for (Duplex next = next(); next != null; next = next()) {
                    handler.accept(next);
                }
            } catch (ChannelClosedException closed) {
                close();
            } catch (RuntimeException failed) {
                System.getLogger("org.jvmipc").log(System.Logger.Level.WARNING, listener.address()
                        + ": a connection could not be accepted", failed);
            }
            if (!over && armed.compareAndSet(false, true)) {
                arming = listener.readiness().arm(() -> {
                    armed.set(false);
                    run();
                });
            }
            missed = running.addAndGet(-missed);
        } while (missed != 0);
    }

    private Duplex next() {
        return over ? null : listener.tryAccept();
    }

    @Override
    public void close() {
        over = true;
        ticking.close();
        arming.close();
    }
}

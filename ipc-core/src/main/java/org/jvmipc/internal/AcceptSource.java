package org.jvmipc.internal;

import java.time.Duration;
import org.jvmipc.Duplex;
import org.jvmipc.spi.Readiness;

/** The peers that connect to a listener. */
final class AcceptSource implements SelectSource<Duplex> {
    private final PortListener listener;
    private Duplex outcome;

    AcceptSource(PortListener listener) {
        this.listener = listener;
    }

    @Override
    public boolean attempt() {
        try {
            outcome = listener.accept(Duration.ZERO);
        } catch (InterruptedException beforeAccepting) {
            Thread.currentThread().interrupt();
        }
        return outcome != null;
    }

    @Override
    public Duplex outcome() {
        Duplex accepted = outcome;
        outcome = null;
        return accepted;
    }

    @Override
    public boolean isOver() {
        return false;
    }

    @Override
    public Readiness readiness() {
        return listener.readiness();
    }
}

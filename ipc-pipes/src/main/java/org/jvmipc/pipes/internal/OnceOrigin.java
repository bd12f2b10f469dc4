package org.jvmipc.pipes.internal;

import org.jvmipc.spi.Readiness;

/** One connection that is there already, and no other. */
final class OnceOrigin implements Origin {
    private final Runnable whenClosed;
    private Wire wire;

    OnceOrigin(Wire wire, Runnable whenClosed) {
        this.wire = wire;
        this.whenClosed = whenClosed;
    }

    @Override
    public Wire next() {
        Wire only = wire;
        wire = null;
        return only;
    }

    @Override
    public Readiness pending() {
        return IdleReadiness.AT_ONCE;
    }

    @Override
    public void close() {
        whenClosed.run();
    }
}

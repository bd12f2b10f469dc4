package org.jvmipc.pipes.internal;

import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;

/** One connection that is there already, and no other. */
final class OnceOrigin implements Origin {
    private Wire wire;

    OnceOrigin(Wire wire) {
        this.wire = wire;
    }

    @Override
    public Wire next() {
        Wire only = wire;
        wire = null;
        return only;
    }

    @Override
    public Readiness pending() {
        return PauseReadiness.AT_ONCE;
    }

    @Override
    public void close() {
        Wire untaken = next();
        if (untaken != null) {
            untaken.close();
        }
    }
}

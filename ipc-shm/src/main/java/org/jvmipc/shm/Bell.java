package org.jvmipc.shm;

import org.jvmipc.Registration;
import org.jvmipc.spi.Readiness;

/**
 * The readiness of one end, by which others wake those who wait there. When the end closes it lets go of the memory,
 * so that the GC can unmap it although somebody still holds the endpoint.
 */
final class Bell implements Readiness {
    private static final Readiness CLOSED = new Readiness() {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean canSpin() {
            return true;
        }

        @Override
        public void sleep(long nanos) {
            // There is nothing to wait for.
        }

        @Override
        public void wakeUp() {
            // Nobody sleeps here.
        }

        @Override
        public Registration arm(Runnable callback) {
            return PollingReadiness.run(callback);
        }
    };

    private volatile Readiness current;
    private Runnable end;

    /**
     * Creates a bell.
     *
     * @param whileOpen how it waits while it is open
     * @param end wakes all who wait there and lets them go
     */
    Bell(Readiness whileOpen, Runnable end) {
        this.current = whileOpen;
        this.end = end;
    }

    @Override
    public boolean isReady() {
        return current.isReady();
    }

    @Override
    public boolean canSpin() {
        return current.canSpin();
    }

    @Override
    public void sleep(long nanos) {
        current.sleep(nanos);
    }

    @Override
    public void wakeUp() {
        current.wakeUp();
    }

    @Override
    public long lookNanos() {
        return current.lookNanos();
    }

    @Override
    public Registration arm(Runnable callback) {
        return current.arm(callback);
    }

    /** Wakes all who wait, and is ready from now on. */
    synchronized void close() {
        Runnable before = end;
        current = CLOSED;
        end = null;
        if (before != null) {
            before.run();
        }
    }
}

package org.jvmipc.mq.internal.persistent;

import org.jvmipc.Registration;
import org.jvmipc.posix.FutexReadiness;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;

/**
 * By which others wake those who wait at one end. When the end closes it lets go of the memory, so that the garbage
 * collector can unmap it although somebody still holds the endpoint.
 */
final class QueueBell implements Readiness {
    private volatile Readiness current;
    private FutexReadiness open;

    QueueBell(FutexReadiness open) {
        this.current = open;
        this.open = open;
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
    public Registration arm(Runnable callback) {
        return current.arm(callback);
    }

    /** Wakes all who wait, and is ready from now on. */
    synchronized void close() {
        FutexReadiness before = open;
        open = null;
        current = PauseReadiness.AT_ONCE;
        if (before != null) {
            before.close();
        }
    }
}

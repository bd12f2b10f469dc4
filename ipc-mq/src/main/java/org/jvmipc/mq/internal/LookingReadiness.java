package org.jvmipc.mq.internal;

import java.util.function.BooleanSupplier;
import org.jvmipc.Registration;
import org.jvmipc.spi.Readiness;

/**
 * Readiness of a queue at which one may look for a moment before sleeping. A look is a system call, too, but a fraction
 * of what falling asleep and being woken costs, and with both sides at work the next message is mostly there by then.
 *
 * <p>Each look takes the queue's lock, for which the other side then waits. So the first one comes a little later: by
 * then the other side has mostly moved more than one message, and there is less to look for.
 */
final class LookingReadiness implements Readiness {
    /** About what the other side needs for two messages, and less than it needs for an answer to one. */
    private static final long HEAD_START_NANOS = 2_000;

    private final Readiness sleep;
    private final BooleanSupplier isWorthWhile;
    private final BooleanSupplier look;

    /**
     * Creates it.
     *
     * @param sleep how to sleep
     * @param isWorthWhile whether to look at all at present
     * @param look whether an attempt would succeed; must not be true for long while it would not
     */
    LookingReadiness(Readiness sleep, BooleanSupplier isWorthWhile, BooleanSupplier look) {
        this.sleep = sleep;
        this.isWorthWhile = isWorthWhile;
        this.look = look;
    }

    @Override
    public boolean isReady() {
        return look.getAsBoolean();
    }

    /** {@inheritDoc} Asked once in each wait, before the looks. */
    @Override
    public boolean canSpin() {
        if (!isWorthWhile.getAsBoolean()) {
            return false;
        }
        long start = System.nanoTime();
        while (System.nanoTime() - start < HEAD_START_NANOS) {
            Thread.onSpinWait();
        }
        return true;
    }

    @Override
    public void sleep(long nanos) {
        sleep.sleep(nanos);
    }

    @Override
    public void wakeUp() {
        sleep.wakeUp();
    }

    @Override
    public long lookNanos() {
        return sleep.lookNanos();
    }

    @Override
    public Registration arm(Runnable callback) {
        return sleep.arm(callback);
    }
}

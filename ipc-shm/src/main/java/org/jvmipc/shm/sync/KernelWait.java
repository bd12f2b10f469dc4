package org.jvmipc.shm.sync;

import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.jvmipc.Registration;
import org.jvmipc.WaitStrategy;
import org.jvmipc.spi.Readiness;
import org.jvmipc.spi.Waiter;

/**
 * One thread's waiting for a semaphore of the kernel or the C library, whose calls heed neither interrupts nor closing:
 * it waits there for 1 to 16 ms at a time. A virtual thread tries again in that rhythm, as a call that blocks would
 * hold its carrier.
 */
final class KernelWait implements Readiness {
    private static final Waiter WAITER = new Waiter(WaitStrategy.BLOCK);
    private static final long FIRST_NANOS = 1_000_000;
    private static final int DOUBLINGS = 4;

    private final BooleanSupplier tries;
    private final LongPredicate waits;
    private boolean taken;

    /**
     * Creates it.
     *
     * @param tries takes what is wanted if it is there
     * @param waits takes it, waiting so many nanoseconds at most
     */
    KernelWait(BooleanSupplier tries, LongPredicate waits) {
        this.tries = tries;
        this.waits = waits;
    }

    /**
     * Waits.
     *
     * @return false if the deadline passed
     * @throws InterruptedException if the thread was interrupted; it has taken nothing
     */
    boolean take(long deadline, boolean interruptibly) throws InterruptedException {
        boolean interrupted = false;
        try {
            for (int attempts = 0; !taken && !tries.getAsBoolean(); attempts++) {
                if (Deadline.left(deadline) <= 0) {
                    return false;
                }
                long slice = FIRST_NANOS << Math.min(attempts, DOUBLINGS);
                try {
                    WAITER.await(this, System.nanoTime() + Math.min(slice, Deadline.left(deadline)));
                } catch (InterruptedException asked) {
                    if (interruptibly && !taken) {
                        throw asked;
                    }
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isReady() {
        return taken;
    }

    @Override
    public boolean canSpin() {
        return false;
    }

    @Override
    public void sleep(long nanos) {
        taken = waits.test(nanos);
    }

    @Override
    public void wakeUp() {
        // An interrupted thread comes back by itself, 16 ms later at most.
    }

    @Override
    public Registration arm(Runnable callback) {
        // Nothing tells of a change; the virtual thread wakes up when its slice is over.
        return () -> { };
    }
}

package org.jvmipc.spi;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jvmipc.Registration;
import org.jvmipc.internal.Background;

/**
 * Readiness of something in the memory of this JVM: sleepers park, {@link #signal} unparks them. Safe for use by any
 * thread.
 *
 * <p>No wake-up is lost: a sleeper announces itself in a concurrent queue, then looks at the condition, then parks; a
 * signaller changes the condition, then looks at the queue. Both are volatile accesses, so one of the two sees the
 * other.
 */
public final class ParkReadiness implements Readiness {
    private final BooleanSupplier ready;
    private final Queue<Thread> sleepers = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> armed = new ConcurrentLinkedQueue<>();

    /**
     * Creates a readiness.
     *
     * @param ready whether an attempt may succeed: cheap, callable by any thread, with volatile reads
     */
    public ParkReadiness(BooleanSupplier ready) {
        this.ready = ready;
    }

    @Override
    public boolean isReady() {
        return ready.getAsBoolean();
    }

    @Override
    public boolean canSpin() {
        return true;
    }

    @Override
    public void sleep(long nanos) {
        Thread self = Thread.currentThread();
        sleepers.add(self);
        try {
            if (!ready.getAsBoolean()) {
                LockSupport.parkNanos(this, nanos);
            }
        } finally {
            sleepers.remove(self);
        }
    }

    @Override
    public void wakeUp() {
        for (Thread sleeper : sleepers) {
            LockSupport.unpark(sleeper);
        }
    }

    @Override
    public Registration arm(Runnable callback) {
        // Not the call-back itself, which may be armed twice.
        Runnable unique = callback instanceof Waking ? (Waking) callback::run : callback::run;
        armed.add(unique);
        if (ready.getAsBoolean()) {
            fire();
        }
        return () -> armed.remove(unique);
    }

    /** The condition may have become true: wakes all sleepers and runs the call-backs. */
    public void signal() {
        if (!sleepers.isEmpty()) {
            wakeUp();
        }
        if (!armed.isEmpty()) {
            fire();
        }
    }

    private void fire() {
        for (Runnable callback = armed.poll(); callback != null; callback = armed.poll()) {
            Background.fire(callback);
        }
    }
}

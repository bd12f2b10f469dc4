package org.jvmipc.mq.internal.group;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jvmipc.Registration;
import org.jvmipc.spi.Readiness;

/** What a doorbell tells, and also the time when a message is due that waits. */
public final class GroupReadiness implements Readiness {
    private final Readiness bell;
    private final LongSupplier microsToWait;

    GroupReadiness(Readiness bell, LongSupplier microsToWait) {
        this.bell = bell;
        this.microsToWait = microsToWait;
    }

    @Override
    public boolean isReady() {
        return bell.isReady();
    }

    @Override
    public boolean canSpin() {
        return bell.canSpin();
    }

    @Override
    public void sleep(long nanos) {
        long micros = microsToWait.getAsLong();
        bell.sleep(micros >= TimeUnit.NANOSECONDS.toMicros(nanos) ? nanos
                : TimeUnit.MICROSECONDS.toNanos(Math.max(micros, 1)));
    }

    @Override
    public void wakeUp() {
        bell.wakeUp();
    }

    @Override
    public Registration arm(Runnable callback) {
        long micros = microsToWait.getAsLong();
        if (micros == Long.MAX_VALUE) {
            return bell.arm(callback);
        }
        AtomicBoolean once = new AtomicBoolean();
        Runnable first = () -> {
            if (once.compareAndSet(false, true)) {
                callback.run();
            }
        };
        Registration armed = bell.arm(first);
        // On a thread that the JDK shares for delays.
        CompletableFuture.delayedExecutor(Math.max(1, micros), TimeUnit.MICROSECONDS, Runnable::run).execute(first);
        return () -> {
            once.set(true);
            armed.close();
        };
    }
}

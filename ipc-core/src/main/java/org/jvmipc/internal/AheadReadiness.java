package org.jvmipc.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jvmipc.Registration;
import org.jvmipc.spi.Readiness;
import org.jvmipc.spi.Waking;

/**
 * Tells a receiver of bytes that come, and of messages that were read from the transport already: the kernel does not
 * know of those any more. Who waits counts itself first and then looks whether there are such messages; who has found
 * some looks then for those who wait.
 */
final class AheadReadiness implements Readiness {
    private final Readiness source;
    private final BooleanSupplier hasMore;
    private final AtomicInteger sleepers = new AtomicInteger();
    private final Set<Armed> armed = ConcurrentHashMap.newKeySet();

    /**
     * Creates it.
     *
     * @param source the transport's
     * @param hasMore whether there are messages that were read already; with volatile reads
     */
    AheadReadiness(Readiness source, BooleanSupplier hasMore) {
        this.source = source;
        this.hasMore = hasMore;
    }

    /** There are messages that were read already. */
    void tellOthers() {
        if (sleepers.get() > 0) {
            source.wakeUp();
        }
        if (!armed.isEmpty()) {
            armed.forEach(Armed::fire);
        }
    }

    @Override
    public boolean isReady() {
        return hasMore.getAsBoolean() || source.isReady();
    }

    @Override
    public boolean canSpin() {
        return source.canSpin();
    }

    @Override
    public void sleep(long nanos) {
        sleepers.incrementAndGet();
        try {
            if (!hasMore.getAsBoolean()) {
                source.sleep(nanos);
            }
        } finally {
            sleepers.decrementAndGet();
        }
    }

    @Override
    public void wakeUp() {
        source.wakeUp();
    }

    @Override
    public long lookNanos() {
        return hasMore.getAsBoolean() ? 0 : source.lookNanos();
    }

    @Override
    public Registration arm(Runnable callback) {
        Armed once = new Armed(callback);
        armed.add(once);
        if (hasMore.getAsBoolean()) {
            once.fire();
            return once::cancel;
        }
        Registration told = source.arm(callback instanceof Waking ? (Waking) once::run : once);
        return () -> {
            once.cancel();
            told.close();
        };
    }

    /** A call-back that runs once, whoever calls it. */
    private final class Armed implements Runnable {
        private final Runnable callback;
        private final AtomicBoolean over = new AtomicBoolean();

        Armed(Runnable callback) {
            this.callback = callback;
        }

        @Override
        public void run() {
            if (cancel()) {
                callback.run();
            }
        }

        void fire() {
            Background.fire(callback instanceof Waking ? (Waking) this::run : this);
        }

        boolean cancel() {
            armed.remove(this);
            return over.compareAndSet(false, true);
        }
    }
}

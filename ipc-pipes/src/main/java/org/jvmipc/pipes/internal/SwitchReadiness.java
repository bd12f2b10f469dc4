package org.jvmipc.pipes.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.Registration;
import org.jvmipc.spi.Readiness;

/**
 * The readiness of a port whose connection changes: waits for whatever stands behind the port at present. When that
 * changes, all who wait for the old one are woken.
 *
 * <p>No wake-up is lost: who sleeps announces itself on the stage it found, then looks whether that stage is still the
 * present one; who switches changes the stage, then wakes until nobody is announced on the old one.
 */
final class SwitchReadiness implements Readiness {
    private volatile Stage stage;

    private static final class Stage {
        final Readiness source;
        final AtomicInteger sleepers = new AtomicInteger();
        final Set<OnceTask> armed = ConcurrentHashMap.newKeySet();

        Stage(Readiness source) {
            this.source = source;
        }
    }

    SwitchReadiness(Readiness first) {
        stage = new Stage(first);
    }

    /** Lets all who wait try again and waits for something else from now on. One thread at a time. */
    void switchTo(Readiness source) {
        Stage old = stage;
        if (old.source == source) {
            return;
        }
        stage = new Stage(source);
        while (old.sleepers.get() > 0) {
            old.source.wakeUp();
            Thread.yield();
        }
        for (OnceTask task : old.armed) {
            Later.run(0, task);
        }
    }

    @Override
    public boolean isReady() {
        return stage.source.isReady();
    }

    @Override
    public boolean canSpin() {
        return stage.source.canSpin();
    }

    @Override
    public void sleep(long nanos) {
        Stage found = stage;
        found.sleepers.incrementAndGet();
        try {
            if (found == stage) {
                found.source.sleep(nanos);
            }
        } finally {
            found.sleepers.decrementAndGet();
        }
    }

    @Override
    public void wakeUp() {
        stage.source.wakeUp();
    }

    @Override
    public long lookNanos() {
        return stage.source.lookNanos();
    }

    @Override
    public Registration arm(Runnable callback) {
        Stage found = stage;
        OnceTask once = new OnceTask(callback);
        found.armed.add(once);
        Registration source = found.source.arm(() -> {
            found.armed.remove(once);
            once.run();
        });
        if (found != stage) {
            Later.run(0, once);
        }
        return () -> {
            once.close();
            found.armed.remove(once);
            source.close();
        };
    }
}

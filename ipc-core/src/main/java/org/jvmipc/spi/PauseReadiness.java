package org.jvmipc.spi;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.Registration;

/**
 * Readiness where nothing tells of a change: another attempt is worth while after a pause, which doubles from the
 * first to the longest until {@link #reset}. Safe for use by any thread.
 */
public final class PauseReadiness implements Readiness {
    /** Another attempt is always worth while: something has ended for good. */
    public static final Readiness AT_ONCE = new PauseReadiness(0, 0);

    private static final long FIRST_NANOS = 1_000_000;
    private static final long LONGEST_NANOS = 16_000_000;
    /** Looks on behalf of one who waits for many things are rarer when nothing comes: each costs a wake-up. */
    private static final int STRETCH = 8;
    private static final long LONGEST_LOOK_NANOS = 40_000_000;

    private final Queue<Thread> sleepers = new ConcurrentLinkedQueue<>();
    private final long first;
    private final long longest;
    private volatile long next;

    /** Creates one whose pauses grow from one to sixteen milliseconds. */
    public PauseReadiness() {
        this(FIRST_NANOS, LONGEST_NANOS);
    }

    /**
     * Creates one.
     *
     * @param firstNanos the first pause, in nanoseconds
     * @param longestNanos what the pauses grow to
     */
    public PauseReadiness(long firstNanos, long longestNanos) {
        this.first = firstNanos;
        this.longest = longestNanos;
        this.next = firstNanos;
    }

    /** An attempt was successful: the next pause is as short as the first. */
    public void reset() {
        if (next != first) {
            next = first;
        }
    }

    /**
     * Whether the last attempt was successful, as far as {@link #reset} tells.
     *
     * @return true if the next pause is the first
     */
    public boolean isReset() {
        return next == first;
    }

    private long pause() {
        long pause = Math.min(next, longest);
        if (pause < longest) {
            // Losing a step to another thread makes one pause shorter, no more.
            next = Math.min(longest, pause << 1);
        }
        return pause;
    }

    @Override
    public boolean isReady() {
        return first == 0;
    }

    @Override
    public boolean canSpin() {
        return false;
    }

    @Override
    public void sleep(long nanos) {
        long pause = Math.min(nanos, pause());
        if (pause <= 0) {
            return;
        }
        Thread self = Thread.currentThread();
        sleepers.add(self);
        try {
            LockSupport.parkNanos(this, pause);
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

    /**
     * {@inheritDoc} The pauses double to eight times the longest one of those who sleep, at most 40 ms.
     */
    @Override
    public long lookNanos() {
        long pause = next;
        if (pause < Math.min(longest * STRETCH, LONGEST_LOOK_NANOS)) {
            next = pause << 1;
        }
        return pause;
    }

    @Override
    public Registration arm(Runnable callback) {
        AtomicReference<Runnable> armed = new AtomicReference<>(callback);
        // On a thread that the JDK shares for delays.
        CompletableFuture.delayedExecutor(Math.max(1, pause()), TimeUnit.NANOSECONDS, Runnable::run).execute(() -> {
            Runnable mine = armed.getAndSet(null);
            if (mine != null) {
                mine.run();
            }
        });
        return () -> armed.set(null);
    }
}

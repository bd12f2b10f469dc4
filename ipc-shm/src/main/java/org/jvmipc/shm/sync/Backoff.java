package org.jvmipc.shm.sync;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.LongUnaryOperator;
import org.jvmipc.spi.Waiter;

/**
 * How long to keep off after a try that failed, so that those who get into each other's way do not do so again and
 * again in step: a random time below a bound that doubles each time (R. M. Metcalfe and D. R. Boggs, "Ethernet", 1976;
 * this form, with a random part of the whole, is the "full jitter" of M. Brooker, "Exponential Backoff and Jitter",
 * 2015).
 *
 * <pre>{@code
 * if (Backoff.lockAll(Duration.ofSeconds(1), from, to)) {
 *     try {
 *         transfer();
 *     } finally {
 *         to.unlock();
 *         from.unlock();
 *     }
 * }
 * }</pre>
 *
 * <p>For one series of tries of one thread. Not thread-safe.
 */
public final class Backoff {
    private static final Duration FIRST = Duration.ofNanos(20_000);
    private static final Duration MOST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final long firstNanos;
    private final long mostNanos;
    private final LongUnaryOperator random;
    private long bound;

    private Backoff(Duration first, Duration most, LongUnaryOperator random) {
        if (first.compareTo(Duration.ofNanos(1)) < 0 || most.compareTo(first) < 0 || most.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("cannot keep off for " + first + " to " + most
                    + "; the first must be more than zero, the most not less than it, and not more than a day");
        }
        this.firstNanos = first.toNanos();
        this.mostNanos = most.toNanos();
        this.random = random;
        this.bound = firstNanos;
    }

    /**
     * Keeps off for up to 20 µs first, and up to 10 ms later.
     */
    public Backoff() {
        this(FIRST, MOST, bound -> ThreadLocalRandom.current().nextLong(bound));
    }

    /**
     * Keeps off for other times.
     *
     * @param first the bound of the first pause
     * @param most the bound of later ones, up to a day
     * @return for one series of tries
     * @throws IllegalArgumentException if the first is not more than zero, or more than the most, or that is too long
     */
    public static Backoff between(Duration first, Duration most) {
        return between(first, most, bound -> ThreadLocalRandom.current().nextLong(bound));
    }

    /** With numbers of one's own: from 0 on, below the bound. */
    static Backoff between(Duration first, Duration most, LongUnaryOperator random) {
        return new Backoff(first, most, random);
    }

    /** How long to keep off now; the next time it may be twice as long. */
    long nextNanos() {
        long nanos = 1 + random.applyAsLong(bound);
        bound = bound > mostNanos / 2 ? mostNanos : bound * 2;
        return nanos;
    }

    /**
     * Keeps off.
     *
     * @throws InterruptedException if the thread is interrupted, before or meanwhile
     */
    public void pause() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nextNanos());
    }

    /** A try succeeded: the next pause is short again. */
    public void reset() {
        bound = firstNanos;
    }

    /**
     * Takes several locks, in whatever order others do: if one is not free, those that were taken are given back before
     * the next try, so nobody waits holding something. A thread that never has luck can starve; use a {@link LockOrder}
     * if there is one.
     *
     * @param timeout how long to try at most; zero or less tries once
     * @param locks what to take
     * @return whether all are held; if not, none is
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; none is held then
     * @throws OwnerDiedException if a holder of one has died; none is held then
     */
    public static boolean lockAll(Duration timeout, Lock... locks) throws InterruptedException {
        long deadline = Waiter.deadline(timeout);
        for (Lock lock : locks) {
            Objects.requireNonNull(lock, "a lock");
        }
        Backoff backoff = new Backoff();
        while (!tryAll(locks)) {
            if (Deadline.left(deadline) <= 0) {
                return false;
            }
            backoff.pause();
        }
        return true;
    }

    private static boolean tryAll(Lock... locks) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int held = 0;
        try {
            while (held < locks.length && locks[held].tryLock()) {
                held++;
            }
        } finally {
            if (held < locks.length) {
                for (int i = held - 1; i >= 0; i--) {
                    locks[i].unlock();
                }
            }
        }
        return held == locks.length;
    }
}

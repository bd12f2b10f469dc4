package org.jvmipc.shm.sync;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A daemon thread that looks for deadlocks; see {@link Deadlocks#watch}.
 *
 * <p><b>Victim.</b> With {@link DeadlockPolicy#BREAK} the thread gives way that began to wait last, by the wall clock,
 * in milliseconds; if two began at the same one, that whose lock has the greater {@linkplain
 * org.jvmipc.shm.SharedSegment#generation() generation}, then ticket. All of that stands in shared memory, so all who
 * look choose the same, and one atomic update tells it to give way: if several detectors break, each deadlock has one
 * victim, and one of them reports it. A thread that takes its lock again after waiting at a condition is never chosen,
 * as it may not go on without: whoever has that lock took it, and began to wait, later. If the victim's process is
 * stopped, it gives way when that goes on.
 *
 * <p>If threads are in several cycles at once, one cycle is dealt with at a time, and the next at the next look.
 */
public final class DeadlockDetector implements AutoCloseable {
    private final DeadlockScan scan;
    private final long periodNanos;
    private final DeadlockPolicy policy;
    private final Consumer<Deadlock> listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "ipc-deadlock-detector");

    DeadlockDetector(DeadlockScan scan, Duration period, DeadlockPolicy policy, Consumer<Deadlock> listener) {
        this.scan = scan;
        this.periodNanos = period.toNanos();
        this.policy = Objects.requireNonNull(policy, "policy");
        this.listener = Objects.requireNonNull(listener, "listener");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            do {
                look();
            } while (!closed.await(periodNanos, TimeUnit.NANOSECONDS));
        } catch (InterruptedException asked) {
            // Somebody wants all threads to end; this one has nothing to leave in order.
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            scan.look(policy).forEach(this::tell);
        } catch (RuntimeException failed) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failed);
        }
    }

    private void tell(Deadlock deadlock) {
        try {
            listener.accept(deadlock);
        } catch (RuntimeException failed) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failed);
        }
    }

    /** Looks no more, when this returns; unless it is called by the listener. Idempotent. */
    @Override
    public void close() {
        closed.countDown();
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException asked) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

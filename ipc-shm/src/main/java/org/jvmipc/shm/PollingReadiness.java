package org.jvmipc.shm;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jvmipc.Registration;
import org.jvmipc.spi.Readiness;

/**
 * Readiness of an end that nobody wakes: it looks at the memory again and again. Threads spin, or if they are told to
 * sleep, look every 50 µs; for call-backs a daemon thread looks every millisecond while any is armed.
 */
final class PollingReadiness implements Readiness, AutoCloseable {
    private static final long LOOK_NANOS = 50_000;
    private static final long CALLBACK_LOOK_NANOS = 1_000_000;
    private static final ScheduledThreadPoolExecutor LOOKERS = lookers();

    private final BooleanSupplier ready;
    private final Queue<Thread> sleepers = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    PollingReadiness(BooleanSupplier ready) {
        this.ready = ready;
    }

    private static ScheduledThreadPoolExecutor lookers() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "ipc-shm-poll");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(1, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    @Override
    public boolean isReady() {
        return closed || ready.getAsBoolean();
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
            if (!isReady()) {
                LockSupport.parkNanos(this, Math.min(nanos, LOOK_NANOS));
            }
        } finally {
            sleepers.remove(self);
        }
    }

    @Override
    public void wakeUp() {
        sleepers.forEach(LockSupport::unpark);
    }

    @Override
    public long lookNanos() {
        return CALLBACK_LOOK_NANOS;
    }

    @Override
    public Registration arm(Runnable callback) {
        Looking looking = new Looking(callback);
        looking.start();
        return looking::cancel;
    }

    /** Runs a call-back on the shared thread. */
    static Registration run(Runnable callback) {
        Future<?> future = LOOKERS.submit(callback);
        return () -> future.cancel(false);
    }

    @Override
    public void close() {
        closed = true;
        wakeUp();
    }

    /** One armed call-back. */
    private final class Looking implements Runnable {
        private final Runnable callback;
        private Future<?> future;
        private boolean over;

        Looking(Runnable callback) {
            this.callback = callback;
        }

        synchronized void start() {
            future = LOOKERS.scheduleWithFixedDelay(this, 0, CALLBACK_LOOK_NANOS, TimeUnit.NANOSECONDS);
        }

        @Override
        public void run() {
            if (isReady() && end()) {
                callback.run();
            }
        }

        private synchronized boolean end() {
            boolean first = !over;
            over = true;
            future.cancel(false);
            return first;
        }

        void cancel() {
            end();
        }
    }
}

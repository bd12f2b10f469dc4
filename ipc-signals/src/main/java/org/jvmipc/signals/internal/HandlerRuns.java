package org.jvmipc.signals.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalHandler;

/**
 * Runs one handler: once at a time, and once for all signals that come before a run has begun. So nothing grows,
 * however many signals come and however long the handler takes.
 */
final class HandlerRuns {
    private final Signal signal;
    private final SignalHandler handler;
    private final Executor executor;
    /** Of the run that is to come, if there is one. */
    private CompletableFuture<Void> next;
    private boolean running;
    private boolean closed;
    /** Of a run under way on an executor that runs its tasks at once. */
    private volatile Thread runner;
    private volatile boolean nested;

    HandlerRuns(Signal signal, SignalHandler handler, Executor executor) {
        this.signal = signal;
        this.handler = handler;
        this.executor = executor;
    }

    /**
     * Has the handler run.
     *
     * @return completes after a run that begins from now on; null if one was to come already
     */
    CompletableFuture<Void> trigger() {
        CompletableFuture<Void> mine;
        boolean start;
        synchronized (this) {
            if (closed) {
                return CompletableFuture.completedFuture(null);
            }
            if (next != null) {
                return null;
            }
            mine = new CompletableFuture<>();
            next = mine;
            start = !running;
            running = true;
        }
        if (start) {
            submit();
        }
        return mine;
    }

    /** No run begins any more; one that is under way goes on. */
    synchronized void close() {
        closed = true;
    }

    private void submit() {
        try {
            executor.execute(this::run);
        } catch (RuntimeException refused) {
            CompletableFuture<Void> lost = begin();
            synchronized (this) {
                running = false;
            }
            report(refused);
            if (lost != null) {
                lost.complete(null);
            }
        }
    }

    private void run() {
        if (runner == Thread.currentThread()) {
            nested = true;
            return;
        }
        runner = Thread.currentThread();
        do {
            nested = false;
            runOnce();
            if (isDue()) {
                // Not in a loop: others may be waiting for the executor.
                submit();
            }
        } while (nested);
        if (runner == Thread.currentThread()) {
            runner = null;
        }
    }

    private void runOnce() {
        CompletableFuture<Void> mine = begin();
        if (mine == null) {
            return;
        }
        try {
            if (!isClosed()) {
                handler.onSignal(signal);
            }
        } catch (Throwable failure) {
            report(failure);
        }
        mine.complete(null);
    }

    private synchronized CompletableFuture<Void> begin() {
        CompletableFuture<Void> mine = next;
        next = null;
        return mine;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized boolean isDue() {
        running = next != null;
        return running;
    }

    private static void report(Throwable failure) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }
}

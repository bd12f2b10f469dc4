package org.jvmipc.testkit.contract;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jvmipc.spi.Waiter;
import org.jvmipc.testkit.Await;

/** A call that runs in a thread of its own, because it may block. */
final class Task<T> {
    private static final int LOOKS = 4;

    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final Thread thread;
    private boolean spins;

    private Task(String name, Callable<T> call, Threads threads) {
        thread = threads.make(name, () -> {
            try {
                outcome.complete(call.call());
            } catch (Throwable failure) {
                outcome.completeExceptionally(failure);
            }
        });
    }

    /** Makes threads. */
    interface Threads {
        Thread make(String name, Runnable body);
    }

    static <T> Task<T> start(String name, Callable<T> call) {
        return start(name, call, (threadName, body) -> {
            Thread platform = new Thread(body, threadName);
            platform.setDaemon(true);
            return platform;
        });
    }

    static <T> Task<T> start(String name, Callable<T> call, Threads threads) {
        Task<T> task = new Task<>(name, call, threads);
        task.thread.start();
        return task;
    }

    /** From now on a call that spins counts as one that sleeps. */
    Task<T> spins(boolean does) {
        spins = does;
        return this;
    }

    /**
     * Waits until the call waits for something, seen several times. It may wake now and then to look around, so that
     * it need not be asleep at each look, nor without use of the CPU.
     */
    Task<T> awaitBlocked() {
        int[] looks = new int[1];
        try {
            Await.until(Bench.PATIENCE, () -> thread.getName() + " to wait; it is " + thread.getState() + " at "
                    + Arrays.toString(thread.getStackTrace()), () -> {
                    if (outcome.isDone()) {
                        throw new AssertionError(thread.getName() + " has ended instead of waiting");
                    }
                    looks[0] = isWaiting() ? looks[0] + 1 : 0;
                    return looks[0] >= LOOKS;
                });
        } catch (AssertionError notBlocked) {
            if (outcome.isCompletedExceptionally()) {
                notBlocked.addSuppressed(failure());
            }
            throw notBlocked;
        }
        return this;
    }

    /** Parked, or in a system call that sleeps, which Java calls runnable; or spinning, if that is how it waits. */
    private boolean isWaiting() {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            case RUNNABLE -> Arrays.stream(thread.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(Waiter.class.getName())
                            && frame.getMethodName().equals(spins ? "spin" : "sleep"));
            default -> false;
        };
    }

    boolean isDone() {
        return outcome.isDone();
    }

    void interrupt() {
        thread.interrupt();
    }

    Thread thread() {
        return thread;
    }

    /** What the call returned; what it threw is thrown here. */
    T result() {
        return result(Bench.PATIENCE);
    }

    T result(Duration patience) {
        try {
            return outcome.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw rethrown(failed.getCause());
        } catch (TimeoutException late) {
            throw stuck(patience);
        } catch (InterruptedException interrupted) {
            throw new AssertionError("interrupted while waiting for " + thread.getName(), interrupted);
        }
    }

    /** What the call threw. */
    Throwable failure() {
        try {
            Object value = outcome.get(Bench.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            throw new AssertionError(thread.getName() + " was to throw, but returned " + value);
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (TimeoutException late) {
            throw stuck(Bench.PATIENCE);
        } catch (InterruptedException interrupted) {
            throw new AssertionError("interrupted while waiting for " + thread.getName(), interrupted);
        }
    }

    private AssertionError stuck(Duration patience) {
        AssertionError error = new AssertionError(thread.getName() + " is not done after " + patience + "; it is at");
        error.setStackTrace(thread.getStackTrace());
        return error;
    }

    /** Keeps the exception's type for assertThrows, and its stack for people. */
    private static RuntimeException rethrown(Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw new AssertionError(failure);
    }

    /** Whether the thread has ended within the time; for tidying up. */
    boolean ends(Duration patience) {
        thread.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException again) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return !thread.isAlive();
    }
}

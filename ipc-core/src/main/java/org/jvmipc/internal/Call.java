package org.jvmipc.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A request that waits for its reply; it holds what became of it, once. Who waits is a thread, or a future that is
 * completed on an executor.
 */
final class Call<A> extends AtomicReference<Object> {
    private static final long serialVersionUID = 1L;

    final long number;
    private final transient Thread waiter;
    private final transient CompletableFuture<A> future;
    private final transient Executor executor;
    private transient volatile CompletableFuture<Void> sending;

    /** What is held instead of a reply. */
    private record Failure(RuntimeException why) {
    }

    private Call(long number, Thread waiter, CompletableFuture<A> future, Executor executor) {
        this.number = number;
        this.waiter = waiter;
        this.future = future;
        this.executor = executor;
    }

    static <A> Call<A> of(long number, Thread waiter) {
        return new Call<>(number, waiter, null, null);
    }

    static <A> Call<A> of(long number, CompletableFuture<A> future, Executor executor) {
        return new Call<>(number, null, future, executor);
    }

    /** The channel had no room for it: it is sent when there is some. */
    void waitsForRoom(CompletableFuture<Void> later) {
        sending = later;
    }

    /** Does not send it any more, if it has not been sent yet. */
    void takeBack() {
        CompletableFuture<Void> later = sending;
        if (later != null) {
            later.cancel(false);
        }
    }

    boolean isAsynchronous() {
        return future != null;
    }

    boolean isSettled() {
        return get() != null;
    }

    boolean succeed(A reply) {
        return settle(reply);
    }

    boolean fail(RuntimeException why) {
        return settle(new Failure(why));
    }

    private boolean settle(Object outcome) {
        if (!compareAndSet(null, outcome)) {
            return false;
        }
        if (future != null) {
            hand(executor, this::complete);
        } else {
            wake();
        }
        return true;
    }

    /** Has an executor run a task that somebody waits for; if it refuses, as after its shutdown, another one does. */
    static void hand(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException refused) {
            ForkJoinPool.commonPool().execute(task);
        }
    }

    private void complete() {
        try {
            future.complete(reply());
        } catch (RuntimeException failed) {
            future.completeExceptionally(failed);
        }
    }

    void wake() {
        if (waiter != Thread.currentThread()) {
            LockSupport.unpark(waiter);
        }
    }

    /** The reply, when it is settled. */
    @SuppressWarnings("unchecked") // only succeed and fail have set it
    A reply() {
        Object outcome = get();
        if (outcome instanceof Failure failure) {
            throw failure.why;
        }
        return (A) outcome;
    }
}

package org.jvmipc.shm.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.jvmipc.testkit.Await;

/** Threads of a test, which must all come to an end. */
final class Threads implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(20);

    private final List<Running<?>> all = new ArrayList<>();

    /**
     * A thread and what comes of it.
     *
     * @param <T> its result
     */
    static final class Running<T> {
        private final FutureTask<T> task;
        private final Thread thread;

        private Running(Callable<T> work) {
            this.task = new FutureTask<>(work);
            this.thread = new Thread(task);
        }

        Thread thread() {
            return thread;
        }

        boolean isDone() {
            return task.isDone();
        }

        T get() {
            try {
                return task.get(LONG.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException failed) {
                throw new AssertionError(failed.getCause());
            } catch (TimeoutException hangs) {
                AssertionError error = new AssertionError("it does not come to an end");
                error.setStackTrace(thread.getStackTrace());
                throw error;
            } catch (InterruptedException asked) {
                throw new AssertionError(asked);
            }
        }
    }

    <T> Running<T> start(Callable<T> work) {
        Running<T> running = new Running<>(work);
        all.add(running);
        running.thread.start();
        return running;
    }

    /** Starts a thread and waits until it stands in a lock's queue as the last of so many. */
    <T> Running<T> queue(AbstractSharedLock lock, int length, Callable<T> work) {
        return queue(lock::getQueueLength, length, work);
    }

    /** Starts a thread and waits until a queue has some length. */
    <T> Running<T> queue(IntSupplier queue, int length, Callable<T> work) {
        Running<T> running = start(work);
        Await.until(LONG, length + " wait", () -> queue.getAsInt() == length);
        return running;
    }

    /** Waits for the end of all. */
    void join() {
        for (Running<?> running : all) {
            running.get();
        }
    }

    @Override
    public void close() {
        join();
    }
}

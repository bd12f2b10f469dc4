package org.jvmipc.pipes.internal;

import java.util.concurrent.atomic.AtomicReference;
import org.jvmipc.Registration;

/** Runs a call-back once, unless it is cancelled before. Safe for use by any thread. */
final class OnceTask implements Runnable, Registration {
    private final AtomicReference<Runnable> task;

    OnceTask(Runnable task) {
        this.task = new AtomicReference<>(task);
    }

    boolean isDone() {
        return task.get() == null;
    }

    @Override
    public void run() {
        Runnable mine = task.getAndSet(null);
        if (mine != null) {
            mine.run();
        }
    }

    @Override
    public void close() {
        task.set(null);
    }
}

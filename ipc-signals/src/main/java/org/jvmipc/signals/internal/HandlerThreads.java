package org.jvmipc.signals.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The daemon threads on which handlers run that have no executor of their own: as many as run at a time. */
final class HandlerThreads {
    private static final Executor THREADS = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS,
            new SynchronousQueue<>(), body -> {
                Thread thread = new Thread(null, body, "ipc-signal-handler", 0, false);
                thread.setDaemon(true);
                return thread;
            });

    private HandlerThreads() {
    }

    static Executor get() {
        return THREADS;
    }
}

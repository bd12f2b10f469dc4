package org.jvmipc.posix.internal;

import java.util.List;

/** Runs callbacks on the threads that all channels share. */
final class Callbacks {

    private Callbacks() {
    }

    /** Starts a daemon thread that inherits nothing from the thread which happens to need it first. */
    static Thread start(String name, Runnable body) {
        Thread thread = new Thread(null, body, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        thread.start();
        return thread;
    }

    /** Runs and forgets them all; what one throws goes to the handler for uncaught exceptions and stops no other. */
    static void run(List<? extends Runnable> due) {
        for (Runnable callback : due) {
            try {
                callback.run();
            } catch (Throwable t) {
                Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, t);
            }
        }
        due.clear();
    }
}

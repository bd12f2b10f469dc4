package org.jvmipc.shm;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;

/**
 * Runs work on files although the thread is interrupted: the JDK's file channels close themselves then. The work is
 * done again if an interrupt comes in between, and the interrupt is kept for the caller.
 */
final class Uninterrupted {
    /** Work that can be done again. */
    interface Work<T> {
        T run() throws IOException;
    }

    private Uninterrupted() {
    }

    static <T> T run(Work<T> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException | FileLockInterruptionException again) {
                    interrupted = true;
                    Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

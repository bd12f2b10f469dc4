package org.jvmipc.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Whether processes are still there. */
final class Processes {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private Processes() {
    }

    /** Whether there is no process of this number, or only the zombie of one. */
    static boolean isGone(long pid) {
        return ProcessHandle.of(pid).map(Processes::isGone).orElse(true);
    }

    /** Waits until it is gone; false if it was not in that time. */
    static boolean awaitGone(long pid, long nanos) {
        long deadline = System.nanoTime() + nanos;
        while (!isGone(pid)) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /**
     * Not {@link ProcessHandle#onExit}, which for other than direct children looks less and less often; and where the
     * first process of a container reaps nobody, a dead child stays a zombie, which {@code isAlive} takes for alive.
     */
    static boolean isGone(ProcessHandle process) {
        if (!process.isAlive()) {
            return true;
        }
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException unknown) {
            return !process.isAlive();
        }
    }
}

package org.jvmipc.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether processes are still there. */
final class Processes {
    private Processes() {
    }

    /** Whether there is no process of this number, or only the zombie of one. */
    static boolean isGone(long pid) {
        return ProcessHandle.of(pid).map(Processes::isGone).orElse(true);
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

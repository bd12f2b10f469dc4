package org.jvmipc.process;

import java.util.Locale;

/**
 * Something that happened in a group.
 *
 * @param kind what
 * @param process to which process; empty with {@link Kind#FAILED}
 * @param pid its number, 0 if it has none
 * @param detail in words, such as {@code was killed by SIGKILL}; may be empty
 */
public record GroupEvent(Kind kind, String process, long pid, String detail) {
    /** What may happen. */
    public enum Kind {
        /** A process was started, for the first time or again. */
        STARTED,
        /** A process has ended; the detail says how. */
        EXITED,
        /** A process will be started again; the detail says after which time. */
        RESTARTING,
        /** A process has ended for good. */
        DONE,
        /** A process was told to end (TERM); the detail says why. */
        STOPPING,
        /** The group has failed, and is ended; the detail says why. */
        FAILED
    }

    @Override
    public String toString() {
        return (process.isEmpty() ? "group" : process) + (pid == 0 ? "" : " (pid " + pid + ")") + " "
                + kind.name().toLowerCase(Locale.ROOT) + (detail.isEmpty() ? "" : ": " + detail);
    }
}

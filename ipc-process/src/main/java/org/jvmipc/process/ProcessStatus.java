package org.jvmipc.process;

import java.util.Optional;
import org.jvmipc.signals.Exit;

/**
 * A process of a group at one moment.
 *
 * @param name its name
 * @param state what it does
 * @param pid its number while it runs, else 0
 * @param starts how often it was started
 * @param lastExit how it ended the last time
 */
public record ProcessStatus(String name, State state, long pid, int starts, Optional<Exit> lastExit) {
    /** What a process does. */
    public enum State {
        /** It runs. */
        RUNNING,
        /** It has ended, and will be started again after a pause. */
        WAITING,
        /** It has ended for good. */
        ENDED
    }
}

package org.jvmipc.shm.sync;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Threads, of any processes, each of which waits for what the next holds, and the last for what the first holds.
 *
 * @param waits the threads, in that order
 * @param victim the one that gives way, if it is to be broken
 * @param broken whether the victim was told to
 */
public record Deadlock(List<DeadlockWait> waits, DeadlockWait victim, boolean broken) {
    @Override
    public String toString() {
        return "deadlock of " + waits.size() + " threads"
                + (broken ? ", in which thread #" + victim.thread() + " of " + victim.process() + " gives way" : "")
                + ":\n"
                + waits.stream().map(wait -> "  " + wait.toString().replace("\n", "\n  "))
                        .collect(Collectors.joining("\n"));
    }
}

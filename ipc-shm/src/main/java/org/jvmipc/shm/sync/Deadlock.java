package org.jvmipc.shm.sync;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Threads, of any processes, each of which waits for what the next holds, and the last for what the first holds.
 *
 * @param waits the threads, in that order
 * @param victim the one that gives way, if it is to be broken: of those that can, the one that began to wait last; empty
 *        if none can, as all come from conditions and must have their locks before they can go on
 * @param broken whether the victim was told to
 */
public record Deadlock(List<DeadlockWait> waits, Optional<DeadlockWait> victim, boolean broken) {
    @Override
    public String toString() {
        return "deadlock of " + waits.size() + " threads"
                + (broken ? ", in which thread #" + victim.orElseThrow().thread() + " of "
                        + victim.orElseThrow().process() + " gives way" : "") + ":\n"
                + waits.stream().map(wait -> "  " + wait.toString().replace("\n", "\n  "))
                        .collect(Collectors.joining("\n"));
    }
}

package org.jvmipc.shm.sync;

import java.util.List;

/**
 * What stands in the memory of a thing to synchronize by. Parts of it are read one after the other while others go on,
 * so it is a hint for people and tools.
 *
 * @param name where it is
 * @param kind what it is
 * @param fair whether it is given to those who wait in their order
 * @param state whether what it protects can be trusted
 * @param count how often it is held, or how many permits, counts or parties there are
 * @param holders who has it
 * @param waiters who waits, first come first
 */
public record SyncStatus(String name, SyncKind kind, boolean fair, SyncState state, long count,
        List<SyncHolder> holders, List<SyncWaiter> waiters) {

    /**
     * How long the one who has waited longest has done so.
     *
     * @return milliseconds, 0 if nobody waits
     */
    public long longestWaitMillis() {
        return waiters.stream().mapToLong(SyncWaiter::waitedMillis).max().orElse(0);
    }
}

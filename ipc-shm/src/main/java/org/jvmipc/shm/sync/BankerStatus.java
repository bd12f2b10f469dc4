package org.jvmipc.shm.sync;

import java.util.List;
import org.jvmipc.PeerInfo;

/**
 * What a {@link Banker} has given to whom, at one moment.
 *
 * @param name where it is
 * @param total what there is of each type
 * @param free what nobody holds
 * @param customers who has declared a claim, in an order in which all can be served to the end: a safe sequence
 * @param waiters who waits, first come first
 */
public record BankerStatus(String name, List<Long> total, List<Long> free, List<Customer> customers,
        List<SyncWaiter> waiters) {
    /**
     * One who has declared what it may want.
     *
     * @param process its process
     * @param claim what it may hold at most, of each type
     * @param held what it holds
     */
    public record Customer(PeerInfo process, List<Long> claim, List<Long> held) {
    }

    /**
     * How long the one who has waited longest has done so.
     *
     * @return milliseconds, 0 if nobody waits
     */
    public long longestWaitMillis() {
        return waiters.stream().mapToLong(SyncWaiter::waitedMillis).max().orElse(0);
    }
}

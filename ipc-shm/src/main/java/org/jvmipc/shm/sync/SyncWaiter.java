package org.jvmipc.shm.sync;

import org.jvmipc.PeerInfo;

/**
 * A thread that waits.
 *
 * @param process its process; {@link PeerInfo#UNKNOWN} if that has gone
 * @param thread the number of its Java thread, as thread dumps show it ({@code #31}), the lowest 28 bits
 * @param threadName the name of its Java thread, as far as 24 bytes go
 * @param atCondition whether it waits to be signalled, or for others to come to a barrier, and not for a lock or permit
 * @param waitedMillis how long it has waited, in milliseconds of the wall clock
 */
public record SyncWaiter(PeerInfo process, long thread, String threadName, boolean atCondition, long waitedMillis) {
}

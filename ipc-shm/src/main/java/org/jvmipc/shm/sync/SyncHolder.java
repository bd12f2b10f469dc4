package org.jvmipc.shm.sync;

import org.jvmipc.PeerInfo;

/**
 * A thread, or a process, that holds something.
 *
 * @param process the process; {@link PeerInfo#UNKNOWN} if that has gone
 * @param thread the number of the Java thread, as thread dumps show it ({@code #31}), the lowest 28 bits; -1 if only
 *        the process is known, as of those who read, or have permits: they are counted for each process
 * @param holds how many times it is held
 */
public record SyncHolder(PeerInfo process, long thread, int holds) {
    @Override
    public String toString() {
        return process + (thread < 0 ? "" : " thread #" + thread) + (holds == 1 ? "" : " " + holds + " times");
    }
}

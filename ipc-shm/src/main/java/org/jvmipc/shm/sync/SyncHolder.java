package org.jvmipc.shm.sync;

import java.time.Instant;
import org.jvmipc.PeerInfo;

/**
 * A thread, or a process, that holds something.
 *
 * @param process the process; {@link PeerInfo#UNKNOWN} if that has gone
 * @param started when the process started, to a second, so that it can be told from others that have its number later;
 *        null if that is not known
 * @param thread the number of the Java thread, as thread dumps show it ({@code #31}), the lowest 28 bits; -1 if only
 *        the process is known: those who have permits, or read, are counted for each process, and of the readers only
 *        those are known as threads that have been waiting for something else for 80 ms
 * @param holds how many times it is held; 1 for a reader that is known
 * @param heldMillis how long a lock has been held at least, in milliseconds of the wall clock: as long as somebody has
 *        waited for it meanwhile, as nobody else looks at a clock; 0 if nobody has, and of permits
 */
public record SyncHolder(PeerInfo process, Instant started, long thread, int holds, long heldMillis) {
    @Override
    public String toString() {
        return process + (started == null ? "" : ", started " + started)
                + (thread < 0 ? "" : ", thread #" + thread)
                + (holds == 1 ? "" : ", " + holds + " times")
                + (heldMillis == 0 ? "" : ", for at least " + heldMillis + " ms");
    }
}

package org.jvmipc.shm;

import java.time.Instant;
import java.util.Optional;
import org.jvmipc.PeerInfo;

/**
 * Who holds a slot, as it stands in the segment.
 *
 * @param pid its process id in its own PID namespace
 * @param startTicks when the process started, in the kernel's ticks since boot; 0 if unknown
 * @param pidNamespace the inode of its PID namespace; 0 if unknown
 * @param name its main class
 * @param life the name of its life file, or empty if it has none
 * @param lifeHome which directory its life file is in ({@code IpcHome.identity}), or 0 if it has none
 */
record Participant(long pid, long startTicks, long pidNamespace, String name, String life, long lifeHome) {
    /** When its process started, to a second; empty if that is not known. */
    Optional<Instant> started() {
        return startTicks > 0 ? BootTime.plus(startTicks) : Optional.empty();
    }

    PeerInfo info() {
        return new PeerInfo(pid, name);
    }
}

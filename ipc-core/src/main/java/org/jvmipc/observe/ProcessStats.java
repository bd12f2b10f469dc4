package org.jvmipc.observe;

import java.time.Instant;
import java.util.List;

/**
 * What the ends of channels in one process have done, as read from its counters in shared memory.
 *
 * @param pid the process id, in that process's own PID namespace
 * @param startTime when the process started, in clock ticks since the machine booted: with the pid, which process it is
 * @param mainClass what it runs: its main class or jar, perhaps empty
 * @param lifeSign the name of its life sign
 * @param since when it began to count
 * @param alive false if it is known to be dead; what it counted last stays readable until somebody sweeps
 * @param unrecorded ends that were opened when there was no room for their counters
 * @param channels open ends, and closed ones whose counters nobody has taken over yet, in no order; does
 *     not change
 */
public record ProcessStats(
        long pid,
        long startTime,
        String mainClass,
        String lifeSign,
        Instant since,
        boolean alive,
        long unrecorded,
        List<ChannelStats> channels) {
}

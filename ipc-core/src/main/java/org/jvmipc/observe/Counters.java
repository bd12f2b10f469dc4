package org.jvmipc.observe;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.internal.EndCounters;
import org.jvmipc.internal.Stores;
import org.jvmipc.spi.CounterStore;

/**
 * Reads the counters of channels. Any thread may call; nothing here waits for, or disturbs, the processes that count.
 * Those of other processes may be behind by up to 63 messages, and 1/16 of all, at a {@code shm:} channel that was in
 * full swing, until it comes to rest.
 *
 * <p>A process writes its counters to shared memory, where others find them, as soon as it has a life sign: that is, if
 * it has opened a {@code shm:} channel that may sleep, a segment or a {@code queue:}; ends that were opened before are
 * seen in the process itself only. The system property {@code ipc.counters} of the process that counts says otherwise:
 * {@code true} gives it a life sign with its first channel of any kind, {@code false} keeps its counters to itself, and
 * with {@code off} it does not count.
 */
public final class Counters {
    private Counters() {
    }

    /**
     * The open ends of this process, whether others can see their counters or not.
     *
     * @return one for each, in no order; none with {@code ipc.counters=off}
     */
    public static List<ChannelStats> own() {
        List<ChannelStats> all = new ArrayList<>();
        for (EndCounters end : EndCounters.open()) {
            all.add(end.stats());
        }
        return all;
    }

    /**
     * The processes of this user whose counters are in shared memory: living, stopped or dead, this one among them.
     * Works without native code; without it whether a process lives is told by its pid and start time.
     *
     * @return one for each process, in no order; empty if {@code ipc-posix} is not there
     * @throws UncheckedIOException if the directory of the toolkit exists and cannot be read
     */
    public static List<ProcessStats> processes() {
        return Stores.get().map(CounterStore::processes).orElse(List.of());
    }

    /**
     * The processes with a process id. There may be several: dead ones, and those of other PID namespaces.
     *
     * @param pid the process id
     * @return as {@link #processes}
     * @throws UncheckedIOException if the directory of the toolkit exists and cannot be read
     */
    public static List<ProcessStats> processes(long pid) {
        return processes().stream().filter(process -> process.pid() == pid).toList();
    }
}

package org.jvmipc.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at what a JVM uses while it waits, in pieces of a fifth of the time asked for: any five pieces in a row may be
 * the time of rest, as a JVM that has just started, or one that a busy machine has held up, comes to rest late.
 */
final class IdleJvm {

    private static final int PIECES = 5;

    private final long pid;
    private final Duration length;
    private final Duration limit;
    private final Deque<Map<String, Long>> pieces = new ArrayDeque<>();
    private final List<String> seen = new ArrayList<>();
    private Map<Long, Long> last;
    private long lastLook;

    IdleJvm(long pid, Duration length, Duration limit) {
        this.pid = pid;
        this.length = length;
        this.limit = limit;
        last = CpuTime.ofThreads(pid);
        lastLook = System.nanoTime();
    }

    void await(Duration timeout) {
        Await.until(timeout, () -> "process " + pid + " to use less than " + limit + " of CPU in " + length
                + "; pieces of " + length.dividedBy(PIECES) + " took " + seen, this::rests);
    }

    private boolean rests() {
        long now = System.nanoTime();
        if (now - lastLook < length.dividedBy(PIECES).toNanos()) {
            return false;
        }
        lastLook = now;
        Map<Long, Long> threads = CpuTime.ofThreads(pid);
        if (threads.isEmpty()) {
            throw new AssertionError("process " + pid + " has no threads, or the kernel keeps no account of them");
        }
        Map<String, Long> used = new HashMap<>();
        threads.forEach((task, nanos) -> {
            long more = nanos - last.getOrDefault(task, 0L);
            if (more > 0) {
                used.merge(ProcFs.taskName(pid, task), more, Long::sum);
            }
        });
        last = threads;
        seen.add(nanos(used) / 1000 + " us " + used);
        pieces.add(used);
        if (pieces.size() > PIECES) {
            pieces.remove();
        }
        return pieces.size() == PIECES
                && pieces.stream().mapToLong(IdleJvm::nanos).sum() < limit.toNanos();
    }

    private static long nanos(Map<String, Long> piece) {
        return piece.values().stream().mapToLong(Long::longValue).sum();
    }
}

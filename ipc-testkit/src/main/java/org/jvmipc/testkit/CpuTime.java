package org.jvmipc.testkit;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How much CPU time a process or a thread has used so far: the difference of two looks tells sleeping from spinning.
 *
 * <p>All methods may be called by any thread and do not block.
 */
public final class CpuTime {

    /** The beginning of "VM Periodic Task Thread", as far as Linux keeps it. */
    private static final String TICKER = "VM Periodic Tas";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CpuTime() {
    }

    /**
     * Returns the CPU time of a process, user and system together. The resolution is a few microseconds for the
     * threads that are alive, and 10 ms for those that have ended.
     *
     * @param pid the process
     * @return the time; zero if there is no such process
     */
    public static Duration ofProcess(long pid) {
        long alive = 0;
        for (long task : ProcFs.tasks(pid)) {
            alive += ProcFs.taskCpuNanos(pid, task);
        }
        // The kernel's own sum counts in ticks, but includes threads that have ended.
        long ticks = ProcFs.stat(pid).map(ProcFs.Stat::cpuTicks).orElse(0L);
        return Duration.ofNanos(Math.max(alive, ticks * ProcFs.NANOS_PER_TICK));
    }

    /** The nanoseconds of the threads that are alive, but for the one that ticks in any JVM, whatever runs in it. */
    static Map<Long, Long> ofThreads(long pid) {
        Map<Long, Long> threads = new HashMap<>();
        for (long task : ProcFs.tasks(pid)) {
            if (!TICKER.equals(ProcFs.taskName(pid, task))) {
                threads.put(task, ProcFs.taskCpuNanos(pid, task));
            }
        }
        return threads;
    }

    /**
     * Returns the CPU time of this JVM.
     *
     * @return the time, user and system together
     */
    public static Duration ofThisProcess() {
        return ofProcess(ProcFs.self());
    }

    /**
     * Returns the CPU time of a thread of this JVM.
     *
     * @param thread a platform thread
     * @return the time; zero if the thread is not alive or is a virtual one, which has no such account
     */
    public static Duration ofThread(Thread thread) {
        @SuppressWarnings("deprecation") // threadId() came with Java 19
        long id = thread.getId();
        long nanos;
        try {
            nanos = THREADS.getThreadCpuTime(id);
        } catch (IllegalArgumentException e) {
            nanos = 0; // some JDKs know no virtual threads here
        }
        return Duration.ofNanos(Math.max(0, nanos));
    }

    /**
     * Returns the CPU time of the calling thread.
     *
     * @return the time; zero for a virtual thread
     */
    public static Duration ofThisThread() {
        return ofThread(Thread.currentThread());
    }
}

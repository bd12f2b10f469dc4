package org.jvmipc.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;

/**
 * Which part of a time the calling thread had its CPU. It spins all the time, so less than nearly all means that others
 * wanted the CPU, too, and that what was measured tells more about them.
 */
final class CpuShare {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long wall = System.nanoTime();
    private final long cpu = THREADS.getCurrentThreadCpuTime();

    private CpuShare() {
    }

    /** The time begins. */
    static CpuShare begin() {
        return new CpuShare();
    }

    /** The time ends; tells the share as a number by name. */
    String end() {
        double share = (double) (THREADS.getCurrentThreadCpuTime() - cpu) / (System.nanoTime() - wall);
        return String.format(Locale.ROOT, "%s=%.3f", Numbers.BUSY, share);
    }
}

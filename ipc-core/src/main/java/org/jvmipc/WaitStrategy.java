package org.jvmipc;

/** How a blocked call passes its time; the option {@code wait}. */
public enum WaitStrategy {
    /** Looks again and again: the shortest latency, and a whole CPU. */
    SPIN,
    /** Looks and offers the CPU to others in between. */
    YIELD,
    /** Sleeps in the kernel at once: the least CPU. */
    BLOCK,
    /**
     * Spins for some microseconds, offers the CPU to others for some more, then sleeps in the kernel. Does not spin
     * where there is only one CPU, or a CPU quota below or at one.
     */
    ADAPTIVE
}

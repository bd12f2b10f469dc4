package org.jvmipc.spi;

import org.jvmipc.Registration;

/**
 * How one direction of a transport tells that another attempt is worth while. All methods may be called from any
 * thread.
 *
 * <p>Implementations exclude lost wake-ups by order: announce the sleeper, full fence, re-check, sleep.
 */
public interface Readiness {
    /**
     * Whether an attempt may succeed now; only meaningful if {@link #canSpin()}. Cheap, as it is asked again and again.
     *
     * @return true if an attempt is worth while
     */
    boolean isReady();

    /**
     * Whether {@link #isReady()} sees a change by itself, as in memory, or only the kernel knows.
     *
     * @return true if spinning on {@code isReady()} makes sense
     */
    boolean canSpin();

    /**
     * Blocks the calling platform thread until an attempt may succeed, {@link #wakeUp()} is called or the time has
     * passed. May return early without reason. Does not clear the interrupt status.
     *
     * @param nanos how long at most, in nanoseconds
     */
    void sleep(long nanos);

    /** Makes all who sleep in {@link #sleep} return. */
    void wakeUp();

    /**
     * Runs the callback once, on a thread shared by all channels, when an attempt may succeed; at once (still on that
     * thread) if it may already. Starts that thread on first use. A {@link Waking} may run on any thread.
     *
     * @param callback must not block
     * @return cancels the callback when closed
     */
    Registration arm(Runnable callback);

    /**
     * After which time to look again, where nothing tells of a change. Who waits for many things at a time asks this
     * before {@link #arm}, and looks at all of them by one clock instead of having each call back.
     *
     * @return nanoseconds; -1 if {@link #arm} tells of changes
     */
    default long lookNanos() {
        return -1;
    }
}

package org.jvmipc.mq.internal.group;

import java.util.function.BooleanSupplier;
import org.jvmipc.spi.Readiness;

/**
 * What wakes those who wait for messages, in all processes. Who looks for messages reads {@link #count} before; if
 * there was none, it waits until the count is another. All methods may be called by any thread.
 */
public interface Doorbell {
    /**
     * How often it was rung.
     *
     * @return a number that is another after each ring; it may go round
     */
    long count();

    /** Changes the count, and wakes all who sleep. */
    void ring();

    /**
     * Makes what waits.
     *
     * @param ready whether there is nothing to wait for; reads memory only, neither blocks nor throws
     * @return becomes ready when that holds, and looks after each ring
     */
    Readiness readiness(BooleanSupplier ready);
}

package org.jvmipc.mq.internal.group;

import java.util.function.BooleanSupplier;
import org.jvmipc.spi.Readiness;

/**
 * What wakes those who wait for messages, in all processes. Who looks for messages reads {@link #count} before; if
 * there was none, it waits until the count is another. All methods may be called by any thread.
 */
public interface Doorbell {
    /**
     * How many messages were written.
     *
     * @return a number that is another after each message
     */
    long count();

    /** Wakes all who sleep, so that they look; after what they look at was changed, by volatile stores. */
    void wake();

    /**
     * Makes what waits.
     *
     * @param ready whether there is nothing to wait for; reads memory only, neither blocks nor throws
     * @return becomes ready when that holds, and looks when a message was written or somebody {@link #wake wakes} it
     */
    Readiness readiness(BooleanSupplier ready);
}

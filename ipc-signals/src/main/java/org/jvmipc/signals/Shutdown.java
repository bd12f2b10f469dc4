package org.jvmipc.signals;

import java.util.List;

/**
 * How a group of processes was ended, each by its number.
 *
 * @param ended who ended within the time of grace, or before
 * @param killed who had to be killed
 */
public record Shutdown(List<Long> ended, List<Long> killed) {
    /**
     * Creates the record.
     *
     * @param ended who ended within the time of grace, or before
     * @param killed who had to be killed
     */
    public Shutdown {
        ended = List.copyOf(ended);
        killed = List.copyOf(killed);
    }

    /**
     * Whether nobody had to be killed.
     *
     * @return true if all ended by themselves
     */
    public boolean isOrderly() {
        return killed.isEmpty();
    }
}

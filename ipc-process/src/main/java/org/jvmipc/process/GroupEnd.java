package org.jvmipc.process;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jvmipc.signals.Exit;

/**
 * How a group has ended.
 *
 * @param exits how each process ended the last time, by its name, in the order of declaration; a process that could not
 *     be started has none
 * @param failure why the group failed; empty if all did their work, or {@link ProcessGroup#close} ended it
 */
public record GroupEnd(Map<String, Exit> exits, Optional<String> failure) {
    /**
     * Creates the record.
     *
     * @param exits how each process ended
     * @param failure why the group failed
     */
    public GroupEnd {
        exits = Collections.unmodifiableMap(new LinkedHashMap<>(exits));
    }

    /**
     * Whether the group did not fail.
     *
     * @return true if there is no failure
     */
    public boolean isClean() {
        return failure.isEmpty();
    }
}

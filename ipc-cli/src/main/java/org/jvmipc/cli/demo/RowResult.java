package org.jvmipc.cli.demo;

import java.util.List;

/**
 * What came out of a row.
 *
 * @param variant the kind of channel
 * @param messages how many messages the consumer got
 * @param bytes how many bytes these have
 * @param faults what was wrong with them
 * @param speed how fast it was
 * @param problems why the row failed; empty if every message came once, unchanged and in order
 * @param errorOutput what the two processes wrote to their standard error
 */
public record RowResult(Variant variant, long messages, long bytes, Faults faults, Speed speed, List<String> problems,
        String errorOutput) {
    boolean isVerified() {
        return problems.isEmpty();
    }
}

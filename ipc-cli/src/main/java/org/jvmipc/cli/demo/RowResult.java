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
 * @param skipped why this system cannot run the row; empty if it can
 */
public record RowResult(Variant variant, long messages, long bytes, Faults faults, Speed speed, List<String> problems,
        String errorOutput, String skipped) {
    /** A row that was run. */
    RowResult(Variant variant, long messages, long bytes, Faults faults, Speed speed, List<String> problems,
            String errorOutput) {
        this(variant, messages, bytes, faults, speed, problems, errorOutput, "");
    }

    /** A row that this system cannot run. */
    static RowResult skipped(Variant variant, String reason) {
        return new RowResult(variant, 0, 0, Faults.NONE,
                new Speed(Double.NaN, Double.NaN, Double.NaN, Double.NaN), List.of(), "", reason);
    }

    boolean isSkipped() {
        return !skipped.isEmpty();
    }

    boolean isVerified() {
        return problems.isEmpty() && !isSkipped();
    }

    boolean isFailed() {
        return !problems.isEmpty();
    }
}

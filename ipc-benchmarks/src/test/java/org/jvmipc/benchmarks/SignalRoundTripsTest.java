package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.jvmipc.testkit.ChildJvm;

/** Whether what is measured is what is meant; not how fast it is. */
class SignalRoundTripsTest {
    private static final Pattern LINE =
            Pattern.compile("(.{28}) median +(\\d+\\.\\d) µs   p99 +(\\d+\\.\\d) µs");

    @Test
    @EnabledOnOs(OS.LINUX)
    void measuresHandlersAndQueuedSignalsInJavaAndC() {
        try (ChildJvm benchmark = ChildJvm.of(SignalRoundTrips.class).args(200).start()) {
            assertEquals(0, benchmark.awaitExit(), benchmark::errors);
            List<String> lines = benchmark.output().lines().toList();
            assertEquals(CPrograms.isAvailable() ? 4 : 2, lines.size(), benchmark.output());
            for (String line : lines) {
                Matcher numbers = LINE.matcher(line);
                assertTrue(numbers.matches(), line);
                double median = Double.parseDouble(numbers.group(2));
                assertTrue(median > 0 && median <= Double.parseDouble(numbers.group(3)), line);
            }
        }
    }
}

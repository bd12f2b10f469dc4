package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.jvmipc.testkit.ChildJvm;

/** Whether what is measured is what is meant; not how fast it is. */
class RequestRoundTripsTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void measuresBothKindsInPairs() {
        try (ChildJvm benchmark = ChildJvm.of(RequestRoundTrips.class).args(1, 200).start()) {
            assertEquals(0, benchmark.awaitExit(), benchmark::errors);
            List<String> lines = benchmark.output().lines().toList();
            assertEquals(2, lines.size(), benchmark.output());
            String kind = " +[1-9]\\d* ns \\(p99 +\\d+\\)";
            assertTrue(lines.get(0).matches("request" + kind + " \\| bare" + kind + "  ratio \\d+\\.\\d\\d"),
                    lines.get(0));
            assertTrue(lines.get(1).matches("median of 1 pairs: \\d+\\.\\d\\d"), lines.get(1));
        }
    }
}

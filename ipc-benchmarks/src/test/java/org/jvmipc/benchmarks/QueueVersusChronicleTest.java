package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.jvmipc.testkit.ChildJvm;

/** Whether what is measured is what is meant; not how fast it is. */
class QueueVersusChronicleTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void measuresBothInTurns() {
        try (ChildJvm benchmark = ChildJvm.of(QueueVersusChronicle.class).args(1).start()) {
            assertEquals(0, benchmark.awaitExit(), benchmark::errors);
            List<String> lines = benchmark.output().lines().toList();
            assertEquals(4, lines.size(), benchmark.output());
            for (int i = 0; i < 2; i++) {
                assertTrue(lines.get(i).matches("(queue|chronicle) +round trip: median +\\d+ ns, p90 +\\d+, p99 +\\d+,"
                        + " p99.9 +\\d+"), lines.get(i));
                assertTrue(lines.get(2 + i).matches("(round trip|messages a second), queue over chronicle:"
                        + " \\d+\\.\\d\\d \\(median of 1 pairs.*"), lines.get(2 + i));
            }
        }
    }
}

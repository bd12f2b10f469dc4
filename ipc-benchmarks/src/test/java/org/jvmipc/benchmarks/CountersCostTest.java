package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.jvmipc.testkit.ChildJvm;

/** Whether what is measured is what is meant; not how fast it is. */
class CountersCostTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void measuresEachWayWithAndWithoutCounting() {
        try (ChildJvm benchmark = ChildJvm.of(CountersCost.class).args(1, 160).start()) {
            assertEquals(0, benchmark.awaitExit(), benchmark::errors);
            List<String> lines = benchmark.output().lines().toList();
            assertEquals(5, lines.size(), benchmark.output());
            String costs = " [\\d.]+ / [\\d.]+";
            assertTrue(lines.get(1).matches("trySend and poll" + costs + " +16 trySend, then poll" + costs
                    + " +send and receive" + costs), lines.get(1));
            String ratio = " +median ratio of 1 pairs \\d+\\.\\d{3} \\(quartiles \\d+\\.\\d{3} and \\d+\\.\\d{3}\\)";
            assertTrue(lines.get(4).matches("send and receive" + ratio), lines.get(4));
        }
    }
}

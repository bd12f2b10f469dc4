package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.jvmipc.testkit.ChildJvm;

/** Whether what is measured is what is meant; not how fast it is. */
class FirstMessageTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void measuresTheStartOfEachSchemeInJavaAndC() {
        try (ChildJvm benchmark = ChildJvm.of(FirstMessage.class).args(1).start()) {
            assertEquals(0, benchmark.awaitExit(), benchmark::errors);
            List<String[]> rows = benchmark.output().lines().skip(2).map(line -> line.trim().split(" +")).toList();
            assertEquals(List.of("(none)", "shm", "unix", "fifo", "posixmq", "sysvmq", "queue"),
                    rows.stream().map(row -> row[0]).toList(), benchmark.output());
            for (String[] row : rows.subList(1, rows.size())) {
                boolean alone = row[0].equals("queue") || !CPrograms.isAvailable();
                assertEquals(alone ? 3 : 5, row.length, benchmark.output());
                double[] millis = Arrays.stream(row).skip(1).mapToDouble(Double::parseDouble).toArray();
                for (int i = 0; i < millis.length; i += 2) {
                    assertTrue(millis[i] > millis[i + 1] && millis[i + 1] >= 0, benchmark.output());
                }
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void refusesWhatIsNoNumberOfRounds() {
        try (ChildJvm benchmark = ChildJvm.of(FirstMessage.class).args("0").start()) {
            assertEquals(2, benchmark.awaitExit());
            assertTrue(benchmark.errors().contains("not \"0\""), benchmark.errors());
        }
    }
}

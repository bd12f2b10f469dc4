package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.testkit.ChildJvm;

/** The command as users run it, as short as it can be; not what comes out. */
@EnabledOnOs(OS.LINUX)
class BenchTest {
    @TempDir
    private Path dir;

    @Test
    void aShortRunMeasuresAndWritesBothReports() throws Exception {
        Path json = dir.resolve("report.json");
        Path html = dir.resolve("report.html");
        try (ChildJvm bench = ChildJvm.of(Bench.class).args("--quick", "--only", "throughput", "--peers", "unix",
                "--repeats", "0", "--warmup", "50", "--time", "50", "--json", json, "--html", html).start()) {
            assertEquals(0, bench.awaitExit(), bench::errors);
            assertTrue(bench.output().contains("throughput, 32 B: shm / unix"), bench::output);
            assertTrue(bench.output().contains("takes about "), bench::output);
        }
        Map<?, ?> report = (Map<?, ?>) new JsonReader(Files.readString(json)).read();
        List<?> duels = (List<?>) report.get("duels");
        assertEquals(1, duels.size());
        Map<?, ?> run = (Map<?, ?>) ((List<?>) ((Map<?, ?>) duels.get(0)).get("runs")).get(0);
        for (String side : List.of("subject", "peer")) {
            Object rate = ((Map<?, ?>) run.get(side)).get(Numbers.RATE);
            assertTrue(rate instanceof Double number && number > 0, () -> side + " in " + run);
        }
        String page = Files.readString(html);
        assertTrue(page.contains("throughput"), page);
        assertFalse(page.matches("(?s).*(https?:|src=|url\\(|<script|<link|@import).*"), "refers to something else");
        assertEquals("html", DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(html.toFile())
                .getDocumentElement().getTagName());
    }

    @Test
    void whatIsNoBenchmarkIsNamed() {
        try (ChildJvm bench = ChildJvm.of(Bench.class).args("pigeon").start()) {
            assertEquals(2, bench.awaitExit());
            assertTrue(bench.errors().startsWith("ipc bench: there is no benchmark \"pigeon\"; there are compare, "),
                    bench::errors);
        }
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvmipc.cli.demo.Variant;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.ChildJvmBuilder;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What the demo's rows say, of sound channels and of those with a fault. */
class DemoRowsTest {
    private static final String FAULT = "-Dorg.jvmipc.cli.demo.fault=";

    @IpcDir
    private IpcScope scope;

    private ChildJvmBuilder demo(String... args) {
        return DemoChild.of(scope, args);
    }

    static Stream<String> schemes() {
        return Variant.present().stream().map(Variant::scheme).distinct();
    }

    private static List<Map<String, Object>> rows(ChildJvm child) {
        return child.output().lines().map(Json::object).toList();
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void everyRowOfASchemeIsVerified(String scheme) {
        try (ChildJvm child = demo(scheme, "--messages", "2000", "--duration", "1s", "--json", "--quiet").start()) {
            assertEquals(0, child.awaitExit(), child::errors);
            assertEquals("", child.errors());
            List<Map<String, Object>> rows = rows(child);
            assertEquals(Variant.present().stream().filter(variant -> variant.scheme().equals(scheme)).count(),
                    rows.size(), child::output);
            for (Map<String, Object> row : rows) {
                assertEquals(scheme, row.get("scheme"));
                assertEquals(Boolean.TRUE, row.get("verified"), row::toString);
                assertEquals(2000.0, row.get("messages"));
                assertEquals(512_000.0, row.get("bytes"));
                assertEquals(List.of(), row.get("problems"));
                assertTrue((double) row.get("messagesPerSecond") > 0, row::toString);
                assertTrue((double) row.get("roundTripP99Micros") >= (double) row.get("roundTripMedianMicros"),
                        row::toString);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lose:7,   99, 1, 0, 0, message 7 is missing: message 8 came instead",
        "change:7, 100, 0, 1, 0, message 7 came changed (256 bytes)",
        "swap:7,   100, 1, 0, 1, message 7 is missing: message 8 came instead",
        "repeat:7, 101, 0, 0, 1, message 7 came late or twice: message 8 was expected",
        "lose:99,  99, 1, 0, 0, 'sent 100 messages, 99 came'"
    })
    void aFaultFailsTheRow(String fault, int came, int lost, int changed, int disordered, String told) {
        try (ChildJvm child = demo("fifo", "--messages", "100", "--json", "--quiet").jvmArgs(FAULT + fault).start()) {
            assertEquals(1, child.awaitExit(Duration.ofSeconds(50)), child::output);
            Map<String, Object> row = rows(child).get(0);
            assertEquals(Boolean.FALSE, row.get("verified"));
            assertEquals(List.of((double) came, (double) lost, (double) changed, (double) disordered),
                    List.of(row.get("messages"), row.get("lost"), row.get("changed"), row.get("outOfOrder")));
            assertTrue(row.get("problems").toString().contains(told), row::toString);
            assertTrue(child.errors().contains(told), child::errors);
        }
    }
}

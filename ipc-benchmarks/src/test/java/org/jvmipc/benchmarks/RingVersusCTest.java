package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Whether what is measured is what is meant; not how fast it is. */
class RingVersusCTest {
    private static final String[] SHORT = {"--pairs", "1", "--repeats", "0", "--warmup", "50", "--time", "100",
        "--trips", "2000"};

    @Test
    @EnabledOnOs(OS.LINUX)
    void javaSidesMeasureAndVerify() throws Exception {
        JavaSide java = new JavaSide(Settings.parse(SHORT));
        Numbers throughput = java.throughput().withRate();
        assertTrue(throughput.get(Numbers.RATE) > 0, throughput::toString);
        assertTrue(throughput.get("verified") >= throughput.get("messages"), throughput::toString);
        assertTrue(throughput.get("nanos") > 0, throughput::toString);
        Numbers roundTrip = java.roundTrip();
        assertTrue(roundTrip.get("median") > 0, roundTrip::toString);
        assertTrue(roundTrip.get("p99") >= roundTrip.get("median"), roundTrip::toString);
        assertTrue(roundTrip.get("batched") > 0, roundTrip::toString);
        assertTrue(roundTrip.get("verified") >= roundTrip.get("trips"), roundTrip::toString);
        assertEquals(2000, roundTrip.get("trips"));
        assertFalse(leftovers(Path.of("/dev/shm")), "a segment is left in /dev/shm");
    }

    private static boolean leftovers(Path directory) throws IOException {
        String pattern = "jvmipc-*-bench-" + ProcessHandle.current().pid() + "-*";
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            return entries.iterator().hasNext();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void cSidesMeasureAndVerify() throws Exception {
        Assumptions.assumeTrue(CPrograms.isAvailable(), "there is no gcc");
        Settings settings = Settings.parse(SHORT);
        try (CSide c = CSide.compile(settings)) {
            assertTrue(c.floor() > 0);
            Numbers roundTrip = c.roundTrip();
            assertTrue(roundTrip.get("median") > 0, roundTrip::toString);
            assertTrue(roundTrip.get("p99") >= roundTrip.get("median"), roundTrip::toString);
            assertTrue(roundTrip.get(Numbers.BUSY) > 0, roundTrip::toString);
            for (CSide.Ring ring : CSide.Ring.values()) {
                Numbers throughput = c.throughput(ring).withRate();
                assertTrue(throughput.get(Numbers.RATE) > 0, throughput::toString);
                assertTrue(throughput.get("verified") >= throughput.get("messages"), throughput::toString);
            }
        }
    }

    @Test
    void aChangedMessageIsNotSound() {
        ByteBuffer message = ByteBuffer.allocate(32);
        Pattern.fill(message, 7);
        assertTrue(Pattern.isSound(message, 7));
        assertFalse(Pattern.isSound(message, 8));
        assertFalse(Pattern.isSound(message.slice(0, 24), 7));
        for (int at = 0; at < 32; at++) {
            Pattern.fill(message, 7);
            message.put(at, (byte) (message.get(at) + 1));
            assertFalse(Pattern.isSound(message, 7), "byte " + at + " was changed");
        }
    }

    @Test
    void onlyUndisturbedPairsCount() {
        Contest contest = new Contest(Contest.Kind.THROUGHPUT, List.of("C ring"));
        contest.add(pair(120, 125, 30, 1.0));
        contest.add(pair(120, 530, 900, 1.0));
        contest.add(pair(120, 120, 700, 0.5));
        contest.add(pair(120, 120, 10, 0.99));
        assertEquals(2, contest.counted().size());
        assertEquals(20, contest.javaMedian());
        assertEquals(10, contest.opponentMedian(0));
        assertEquals(2, contest.ratio(0));
        assertTrue(contest.reaches(0));
    }

    private static Pair pair(double floorBefore, double floorAfter, double java, double busy) {
        return new Pair(floorBefore, new Numbers(Map.of(Numbers.RATE, java, Numbers.BUSY, 1.0)), floorAfter,
                List.of(new Numbers(Map.of(Numbers.RATE, 10.0, Numbers.BUSY, busy))));
    }

    @Test
    void theReportHasBothSidesAndTheirRatio() {
        Contest contest = new Contest(Contest.Kind.THROUGHPUT, List.of("C ring"));
        contest.add(pair(120, 120, 25, 1.0));
        String text = print(contest);
        assertTrue(text.contains("25.0"), text);
        assertTrue(text.contains("median of pairs: 2.50; target >= 1.0: PASS"), text);
        String json = print(contest, "--json");
        assertTrue(json.startsWith("{\"java\":"), json);
        assertTrue(json.contains("\"ratio\":2.500"), json);
    }

    private static String print(Contest contest, String... options) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Report report = new Report(Settings.parse(options), true, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        report.begin();
        report.begin(contest);
        contest.pairs().forEach(pair -> report.add(contest, pair));
        report.end(List.of(contest));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void badOptionsAreNamed() {
        assertEquals("--size is 12, a multiple of 8 is needed",
                assertThrows(IllegalArgumentException.class, () -> Settings.parse("--size", "12")).getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Settings.parse("--bogus", "1")).getMessage()
                .contains("--bogus"));
        assertThrows(IllegalArgumentException.class, () -> Settings.parse("--cpus", "0,0"));
        assertThrows(IllegalArgumentException.class, () -> Settings.parse("--capacity", "3000k"));
        assertEquals(1 << 20, Settings.parse("--capacity", "1m").capacity());
    }
}

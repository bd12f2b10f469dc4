package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One tiny run of each contestant: what it sends arrives, checked, and nothing is left behind. */
@EnabledOnOs(OS.LINUX)
class ContestantsTest {
    /** The JDK that all the libraries are made for. */
    private static final int LEAST_JDK = 17;

    private final CompareOptions options = CompareOptions.parse();
    private final Contestants contestants = new Contestants(options, List.of());

    @ParameterizedTest
    @CsvSource({
        "shm, THROUGHPUT, 32", "shm, ROUND_TRIP, 32", "shm, WAKE_UP, 32", "shm, IDLE, 32",
        "shm-claim, THROUGHPUT, 256", "raw, THROUGHPUT, 32",
        "aeron, THROUGHPUT, 32", "aeron-offer, THROUGHPUT, 65536", "aeron, ROUND_TRIP, 32", "aeron, FAN_IN, 32",
        "aeron, FAN_OUT, 32", "aeron-sleep, WAKE_UP, 32",
        "agrona, THROUGHPUT, 32", "agrona-write, THROUGHPUT, 4096", "agrona, FAN_IN, 32",
        "chronicle, THROUGHPUT, 256", "unix, ROUND_TRIP, 32", "pipe, THROUGHPUT, 65536", "jeromq, THROUGHPUT, 32",
        "posixmq, THROUGHPUT, 256", "posixmq, ROUND_TRIP, 32", "sysvmq, THROUGHPUT, 32", "sysvmq, IDLE, 32",
        "memcpy, THROUGHPUT, 4096"})
    void measuresAndVerifies(String name, Kind kind, int size) throws Exception {
        Contestant contestant = contestants.get(name);
        assertTrue(contestant.supports(kind, size), "supports it");
        Numbers numbers;
        try {
            numbers = contestant.run(kind, size, Contestant.Length.TINY);
        } catch (IllegalStateException failed) {
            boolean foreign = !name.startsWith("shm") && !name.equals("raw")
                    && !name.equals("posixmq") && !name.equals("sysvmq");
            Assumptions.assumeFalse(foreign && Runtime.version().feature() > LEAST_JDK,
                    () -> name + " does not run on this JDK: " + Program.cause(failed));
            throw failed;
        }
        for (Measure measure : kind.measures()) {
            assertTrue(numbers.get(measure.key()) >= 0, () -> measure + " in " + numbers);
        }
        if (kind.measures().contains(Measure.RATE)) {
            assertTrue(numbers.get("messages") > 0, numbers::toString);
        }
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        List<String> left = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/dev/shm"))) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(entry -> entry.contains("ipc-bench-" + ProcessHandle.current().pid() + "-"))
                    .forEach(left::add);
        }
        assertEquals(List.of(), left);
        assertFalse(ProcessHandle.current().children().anyMatch(child -> child.info().arguments()
                .map(List::of).orElse(List.of()).contains(Child.class.getName())), "a child is left");
    }

    @Test
    void whatIsInCMeasuresToo() throws Exception {
        Assumptions.assumeTrue(CPrograms.isAvailable(), "there is no gcc");
        try (CPrograms programs = CPrograms.create()) {
            CContestant c = new CContestant(programs, options);
            assertTrue(c.floor() > 0);
            for (Kind kind : List.of(Kind.THROUGHPUT, Kind.ROUND_TRIP, Kind.WAKE_UP, Kind.IDLE)) {
                Numbers numbers = c.run(kind, 256, Contestant.Length.TINY);
                for (Measure measure : kind.measures()) {
                    assertTrue(numbers.get(measure.key()) >= 0, () -> measure + " in " + numbers);
                }
            }
            for (Contestant queue : List.of(CQueue.posix(programs, options), CQueue.systemV(programs, options))) {
                assertTrue(queue.run(Kind.THROUGHPUT, 256, Contestant.Length.TINY).get(Numbers.RATE) > 0);
                assertTrue(queue.run(Kind.ROUND_TRIP, 256, Contestant.Length.TINY).get("p50") > 0);
            }
            Contestant copy = CContestant.copy(programs, options);
            assertTrue(copy.run(Kind.THROUGHPUT, 4096, Contestant.Length.TINY).get(Numbers.RATE) > 0);
        }
    }

    @Test
    void aRefusedOptionIsToldInOneLine() throws Exception {
        CompareOptions refused = CompareOptions.parse("--address", "shm:{name}?ring=none&wait={wait}");
        String told = "";
        try {
            new Contestants(refused, List.of()).get("shm").run(Kind.THROUGHPUT, 32, Contestant.Length.TINY);
        } catch (IllegalStateException failed) {
            told = Program.cause(failed);
        }
        assertTrue(told.contains("ring=none"), told);
        assertFalse(told.contains("\n"), told);
    }
}

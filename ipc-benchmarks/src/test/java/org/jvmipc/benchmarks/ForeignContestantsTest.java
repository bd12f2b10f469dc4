package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One tiny run of each contestant of Aeron, Agrona and C; and what is refused. */
@EnabledOnOs(OS.LINUX)
class ForeignContestantsTest extends ContestantCase {
    @ParameterizedTest
    @CsvSource({
        "aeron, THROUGHPUT, 32", "aeron-offer, THROUGHPUT, 65536", "aeron, ROUND_TRIP, 32", "aeron, FAN_IN, 32",
        "aeron, FAN_OUT, 32", "aeron-sleep, WAKE_UP, 32",
        "agrona, THROUGHPUT, 32", "agrona-write, THROUGHPUT, 4096", "agrona, FAN_IN, 32",
        "memcpy, THROUGHPUT, 4096"})
    void measuresAndVerifies(String name, Kind kind, int size) throws Exception {
        measure(name, kind, size);
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

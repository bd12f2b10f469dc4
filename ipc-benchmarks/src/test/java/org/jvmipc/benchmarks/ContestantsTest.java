package org.jvmipc.benchmarks;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One tiny run of each contestant that is ours, of the JDK, or of the system. */
@EnabledOnOs(OS.LINUX)
class ContestantsTest extends ContestantCase {
    @ParameterizedTest
    @CsvSource({
        "shm, THROUGHPUT, 32", "shm, ROUND_TRIP, 32", "shm, WAKE_UP, 32", "shm, IDLE, 32",
        "shm-claim, THROUGHPUT, 256", "raw, THROUGHPUT, 32",
        "chronicle, THROUGHPUT, 256", "unix, ROUND_TRIP, 32", "pipe, THROUGHPUT, 65536", "jeromq, THROUGHPUT, 32",
        "posixmq, THROUGHPUT, 256", "posixmq, ROUND_TRIP, 32", "sysvmq, THROUGHPUT, 32", "sysvmq, IDLE, 32"})
    void measuresAndVerifies(String name, Kind kind, int size) throws Exception {
        measure(name, kind, size);
    }
}

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

/** Tiny runs of contestants, which leave nothing behind. */
abstract class ContestantCase {
    /** The JDK that all the libraries are made for. */
    private static final int LEAST_JDK = 17;

    final CompareOptions options = CompareOptions.parse();
    private final Contestants contestants = new Contestants(options, List.of());

    /** What it sends arrives, checked. */
    void measure(String name, Kind kind, int size) throws Exception {
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
}

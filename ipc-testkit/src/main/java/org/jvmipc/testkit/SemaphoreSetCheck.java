package org.jvmipc.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** Debris among the semaphore sets of System V, which have no names: those whose keys the test was given. */
final class SemaphoreSetCheck implements DebrisCheck {

    private static final Path SETS = Path.of("/proc/sysvipc/sem");

    private final IntPredicate counts;

    SemaphoreSetCheck(IntPredicate counts) {
        this.counts = counts;
    }

    @Override
    public DebrisKind kind() {
        return DebrisKind.SHARED_OBJECT;
    }

    @Override
    public List<String> leftovers() {
        return keys().stream().map(key -> "semaphore set 0x" + Integer.toHexString(key)).toList();
    }

    @Override
    public void remove() {
        for (int key : keys()) {
            try {
                new ProcessBuilder("ipcrm", "-S", "0x" + Integer.toHexString(key)).inheritIO().start().waitFor();
            } catch (IOException e) {
                // no such program: reported anyway
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<Integer> keys() {
        try (Stream<String> lines = Files.lines(SETS)) {
            return lines.skip(1)
                    .map(line -> (int) Long.parseLong(line.strip().split("\\s+", 2)[0]))
                    .filter(counts::test)
                    .toList();
        } catch (IOException e) {
            // a kernel without them
            return List.of();
        }
    }
}

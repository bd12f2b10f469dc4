package org.jvmipc.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** Debris among things of System V, which have no names: those whose keys the test was given. */
final class SystemVKeyCheck implements DebrisCheck {

    private static final Path TABLES = Path.of("/proc/sysvipc");

    private final String what;
    private final Path table;
    private final String removal;
    private final IntPredicate counts;

    private SystemVKeyCheck(String what, String table, String removal, IntPredicate counts) {
        this.what = what;
        this.table = TABLES.resolve(table);
        this.removal = removal;
        this.counts = counts;
    }

    static SystemVKeyCheck semaphoreSets(IntPredicate counts) {
        return new SystemVKeyCheck("semaphore set", "sem", "-S", counts);
    }

    static SystemVKeyCheck messageQueues(IntPredicate counts) {
        return new SystemVKeyCheck("message queue", "msg", "-Q", counts);
    }

    @Override
    public DebrisKind kind() {
        return DebrisKind.SHARED_OBJECT;
    }

    @Override
    public List<String> leftovers() {
        return keys().stream().map(key -> what + " 0x" + Integer.toHexString(key)).toList();
    }

    @Override
    public void remove() {
        for (int key : keys()) {
            try {
                new ProcessBuilder("ipcrm", removal, "0x" + Integer.toHexString(key)).inheritIO().start().waitFor();
            } catch (IOException e) {
                // no such program: reported anyway
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<Integer> keys() {
        try (Stream<String> lines = Files.lines(table)) {
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

package org.jvmipc.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory in memory where the sides of one run meet; goes with all that is in it. */
final class Workplace implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path path;

    private Workplace(Path path) {
        this.path = path;
    }

    static Workplace create() {
        Path parent = Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        try {
            return new Workplace(Files.createTempDirectory(parent, prefix()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String prefix() {
        return "ipc-bench-" + ProcessHandle.current().pid() + "-";
    }

    Path path() {
        return path;
    }

    /**
     * Deletes what runs of this process that were broken off have left: channels, too, as a side that is stopped while
     * it starts cannot do that itself.
     */
    static void deleteAll() {
        for (Path parent : List.of(MEMORY, Path.of(System.getProperty("java.io.tmpdir")))) {
            try (Stream<Path> entries = Files.list(parent)) {
                entries.filter(entry -> isOurs(entry.getFileName().toString())).forEach(Workplace::delete);
            } catch (IOException | UncheckedIOException left) {
                // Best effort, at the end of the process.
            }
        }
    }

    private static boolean isOurs(String name) {
        return name.startsWith(prefix()) || name.startsWith("jvmipc-") && name.contains("-" + prefix());
    }

    private static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        delete(path);
    }
}

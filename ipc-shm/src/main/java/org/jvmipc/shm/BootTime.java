package org.jvmipc.shm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** When the machine booted, from which the kernel counts when processes started. */
final class BootTime {
    /** USER_HZ, in which the kernel tells times, is this on all machines that Java runs on; see proc(5), time(7). */
    private static final long TICKS_PER_SECOND = 100;
    private static final String LINE = "btime ";

    private BootTime() {
    }

    /** A moment by the wall clock, to a second; empty if the kernel does not tell when it booted. */
    static Optional<Instant> plus(long ticks) {
        return seconds().map(boot -> Instant.ofEpochSecond(boot + ticks / TICKS_PER_SECOND));
    }

    /** Read each time, as it moves with the clock. */
    private static Optional<Long> seconds() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(LINE)).findFirst()
                    .map(line -> Long.parseLong(line.substring(LINE.length()).trim()));
        } catch (IOException | UncheckedIOException | NumberFormatException unknown) {
            return Optional.empty();
        }
    }
}

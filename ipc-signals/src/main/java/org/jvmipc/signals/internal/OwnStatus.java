package org.jvmipc.signals.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jvmipc.signals.Signal;

/** What the kernel tells of the signals of a thread of this process. */
final class OwnStatus {
    private static final Path SELF = Path.of("/proc/self/status");
    private static final Path THREADS = Path.of("/proc/self/task");

    private final String text;

    private OwnStatus(String text) {
        this.text = text;
    }

    static OwnStatus read() {
        return read(SELF);
    }

    private static OwnStatus read(Path file) {
        try {
            return new OwnStatus(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the calling thread, as a set. */
    static long blockedHere() {
        return read(Path.of("/proc/thread-self/status")).set("SigBlk");
    }

    /** What all threads block, as a set. */
    static long blockedEverywhere() {
        long blocked = -1;
        for (Path thread : threads()) {
            try {
                blocked &= read(thread.resolve("status")).set("SigBlk");
            } catch (UncheckedIOException ended) {
                if (Files.exists(thread)) {
                    throw ended;
                }
            }
        }
        return blocked;
    }

    private static List<Path> threads() {
        try (Stream<Path> found = Files.list(THREADS)) {
            return new ArrayList<>(found.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean catches(Signal signal) {
        return contains(set("SigCgt"), signal);
    }

    boolean ignores(Signal signal) {
        return contains(set("SigIgn"), signal);
    }

    static boolean contains(long set, Signal signal) {
        return (set & bit(signal)) != 0;
    }

    static long bit(Signal signal) {
        return 1L << signal.number() - 1;
    }

    private long set(String field) {
        Matcher line = Pattern.compile("^" + field + ":\\s+([0-9a-f]{1,16})$", Pattern.MULTILINE).matcher(text);
        if (!line.find()) {
            throw new UnsupportedOperationException("/proc/self/status does not tell " + field + "; this needs Linux "
                    + "with /proc mounted");
        }
        return Long.parseUnsignedLong(line.group(1), 16);
    }
}

package org.jvmipc.mq.internal.persistent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.mq.PersistentQueues.Damage;
import org.jvmipc.mq.internal.group.Group;

/**
 * Finds out whether the files of a queue are whole, without Chronicle, which may take what is damaged for the end, wait
 * for somebody, or end the JVM. Files of cycles may be read meanwhile by others, and the last one written to.
 */
final class QueueCheck {
    private final Path directory;
    private final RollCycle rollCycle;
    private final List<Damage> found = new ArrayList<>();
    /** The files that belong to cycles. */
    private final TreeMap<Integer, Path> cycles = new TreeMap<>();
    private final List<Path> leftovers = new ArrayList<>();
    private boolean looked;

    private QueueCheck(Path directory, RollCycle rollCycle) {
        this.directory = directory;
        this.rollCycle = rollCycle;
    }

    /** A look at the table of settings, and at which files there are. */
    static QueueCheck of(Path directory) {
        boolean interrupted = Thread.interrupted();
        try {
            List<Path> files = files(directory);
            String problem = files.isEmpty() ? null : SettingsFile.problem(directory);
            QueueCheck check = new QueueCheck(directory, problem == null && Files.exists(SettingsFile.of(directory))
                    ? SettingsFile.rollCycle(directory) : RollFiles.byNames(files));
            if (problem != null) {
                check.found.add(new Damage(SettingsFile.of(directory), problem));
            }
            check.sort(files);
            return check;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            again(interrupted);
        }
    }

    private static void again(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The files of a queue, in no order. */
    static List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(directory, "*" + SingleChronicleQueue.SUFFIX)) {
            found.forEach(files::add);
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return files;
    }

    private void sort(List<Path> files) {
        for (Path file : files) {
            int cycle = rollCycle == null ? -1 : RollFiles.cycleOf(file, rollCycle);
            if (cycle < 0 || !Files.isRegularFile(file)) {
                found.add(new Damage(file, "is no file of this queue" + (rollCycle == null ? ""
                        : ", whose files have names such as " + RollFiles.nameOf(0, rollCycle))));
            } else {
                cycles.put(cycle, file);
            }
        }
    }

    /** What is wrong, as far as a glance at each file tells. */
    List<Damage> glance() {
        if (!looked) {
            looked = true;
            each(cycles, false);
        }
        return List.copyOf(found);
    }

    /**
     * Refuses to open what is damaged, as far as a glance at each file tells.
     *
     * @param channel the address, for the message
     * @throws SegmentCorruptedException if something is wrong
     */
    void require(String channel) {
        glance();
        refuse(channel);
    }

    /** Refuses to wait for a message that is there, but cannot be read. */
    static void requireWhole(String channel, Path directory, long number) {
        QueueCheck check = of(directory);
        boolean interrupted = Thread.interrupted();
        try {
            int from = check.cycles.isEmpty() ? 0 : check.cycles.lastKey();
            for (int cycle : check.cycles.descendingKeySet()) {
                from = cycle;
                try (CycleScan scan = CycleScan.open(check.cycles.get(cycle))) {
                    scan.walk(message -> { });
                    if (scan.first() >= 0 && scan.first() <= number) {
                        break;
                    }
                }
            }
            check.each(check.cycles.tailMap(from, true), true);
        } catch (NoSuchFileException retained) {
            return;
        } catch (IOException failed) {
            throw new UncheckedIOException(channel, failed);
        } finally {
            again(interrupted);
        }
        check.refuse(channel);
    }

    private void refuse(String channel) {
        if (!found.isEmpty()) {
            Damage one = found.get(0);
            throw new SegmentCorruptedException(channel + ": " + one.file() + " " + one.what()
                    + (found.size() > 1 ? "; " + (found.size() - 1) + " more files are damaged" : "")
                    + ". Close the queue everywhere, and run PersistentQueues.repair, which keeps all messages that are"
                    + " intact, and a copy of each damaged file");
        }
    }

    /** All that is wrong. */
    List<Damage> all() {
        each(cycles, true);
        return List.copyOf(found);
    }

    private void each(NavigableMap<Integer, Path> files, boolean whole) {
        boolean interrupted = Thread.interrupted();
        try {
            for (int cycle : files.keySet()) {
                one(cycle, whole);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            again(interrupted);
        }
    }

    private void one(int cycle, boolean whole) throws IOException {
        Path file = cycles.get(cycle);
        try (CycleScan scan = CycleScan.open(file)) {
            if (scan.isBlank()) {
                long before = endBefore(cycle);
                if (cycle == cycles.lastKey() ? read(directory) > before : firstAfter(cycle) != before) {
                    found.add(new Damage(file, "is empty, and had messages"));
                } else if (cycle != cycles.lastKey()) {
                    leftovers.add(file);
                }
                return;
            }
            if (whole) {
                scan.walk(message -> { });
                if (!scan.problems().isEmpty()) {
                    found.add(new Damage(file, String.join(", and ", scan.problems())));
                }
                return;
            }
            String problem = scan.glance();
            if (problem != null) {
                found.add(new Damage(file, problem));
            }
        } catch (NoSuchFileException retained) {
            return;
        }
    }

    /** The number that comes after all in the files before a cycle's. */
    private long endBefore(int cycle) throws IOException {
        for (Path file : cycles.headMap(cycle, false).descendingMap().values()) {
            try (CycleScan scan = CycleScan.open(file)) {
                scan.walk(message -> { });
                if (scan.end() >= 0) {
                    return scan.end();
                }
            }
        }
        return 0;
    }

    /** The number of the first message in the files after a cycle's. */
    private long firstAfter(int cycle) throws IOException {
        for (Path file : cycles.tailMap(cycle, false).values()) {
            try (CycleScan scan = CycleScan.open(file)) {
                scan.walk(message -> { });
                if (scan.first() >= 0) {
                    return scan.first();
                }
            }
        }
        return -1;
    }

    /** Files that somebody has made who died over it, and that nobody misses; for who has the queue for itself. */
    List<Path> leftovers() {
        return List.copyOf(leftovers);
    }

    /** The number after the last one of which anybody has noted that he got it, 0 if nobody has. */
    static long read(Path directory) {
        long most = 0;
        for (CursorFile.Look cursor : Cursors.list(directory)) {
            // One that waits for a number that is yet to come has got nothing.
            most = Math.max(most, cursor.handed() == cursor.begin() ? 0 : cursor.handed());
        }
        OptionalLong groups = Group.greatestCommitted(directory);
        return Math.max(most, groups.orElse(0));
    }

    RollCycle rollCycle() {
        return rollCycle;
    }

    /** The files that belong to cycles. */
    TreeMap<Integer, Path> cycles() {
        return cycles;
    }
}

package org.jvmipc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code /proc} tells of processes. Whatever vanishes between two looks is simply not there.
 */
final class ProcFs {

    /** The kernel reports in USER_HZ, which is 100 on every architecture that HotSpot runs on. */
    static final long NANOS_PER_TICK = 10_000_000;

    private static final Path PROC = Path.of("/proc");
    private static final long SELF = ProcessHandle.current().pid();

    private ProcFs() {
    }

    /** The line of a process or a thread: its short name, state letter, parent, and its CPU time in ticks. */
    record Stat(String command, char state, long parent, long cpuTicks) {

        static Stat parse(String line) {
            // The name is in parentheses and may itself hold any character, so the last one counts.
            int open = line.indexOf('(');
            int close = line.lastIndexOf(')');
            String[] fields = line.substring(close + 2).split(" ");
            return new Stat(line.substring(open + 1, close), fields[0].charAt(0), Long.parseLong(fields[1]),
                    Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
        }
    }

    static long self() {
        return SELF;
    }

    static int uid() {
        try {
            return (Integer) Files.getAttribute(PROC.resolve("self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The numbers of all processes that can be seen. */
    static Set<Long> processes() {
        Set<Long> processes = new HashSet<>();
        String[] names = PROC.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0))) {
                processes.add(Long.parseLong(name));
            }
        }
        return processes;
    }

    static Optional<Stat> stat(long pid) {
        return read(PROC.resolve(pid + "/stat")).map(Stat::parse);
    }

    static Optional<Stat> taskStat(long pid, long task) {
        return read(PROC.resolve(pid + "/task/" + task + "/stat")).map(Stat::parse);
    }

    static List<Long> tasks(long pid) {
        List<Long> tasks = new ArrayList<>();
        for (Path task : list(PROC.resolve(pid + "/task"))) {
            tasks.add(Long.parseLong(task.getFileName().toString()));
        }
        return tasks;
    }

    /** The time on a CPU in nanoseconds; 0 where the kernel keeps no such account. */
    static long taskCpuNanos(long pid, long task) {
        return read(PROC.resolve(pid + "/task/" + task + "/schedstat"))
                .map(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
                .orElse(0L);
    }

    /** The name of a thread, of which the kernel keeps 15 bytes; empty if it is gone. */
    static String taskName(long pid, long task) {
        return read(PROC.resolve(pid + "/task/" + task + "/comm")).map(String::strip).orElse("");
    }

    /** The program that a process runs; empty if it is gone, a zombie or another user's. */
    static Optional<Path> executable(long pid) {
        return link(PROC.resolve(pid + "/exe"));
    }

    /** Tells whether a process has a handler for a signal. */
    static boolean catches(long pid, int signal) {
        return hasInSet(pid, "SigCgt:", signal);
    }

    /** Tells whether a process ignores a signal. */
    static boolean ignores(long pid, int signal) {
        return hasInSet(pid, "SigIgn:", signal);
    }

    private static boolean hasInSet(long pid, String set, int signal) {
        return read(PROC.resolve(pid + "/status")).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(set))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> signal - 1 & 1) != 0);
    }

    /** What the open descriptors of this process refer to. */
    static List<String> descriptors() {
        List<String> targets = new ArrayList<>();
        for (Path entry : list(PROC.resolve("self/fd"))) {
            link(entry).ifPresent(target -> targets.add(target.toString()));
        }
        return targets;
    }

    /**
     * Memory of System V.
     *
     * @param id its number
     * @param key its key, 0 for none
     * @param creator the process that made it
     */
    record SystemVMemory(long id, int key, long creator) {
        private static final int ID = 1;
        private static final int MODE = 2;
        private static final int CREATOR = 4;
        private static final int DESTROYED = 01000;

        @Override
        public String toString() {
            return "System V memory " + id + " with key 0x" + Integer.toHexString(key) + ", made by process " + creator;
        }
    }

    /** What there is, but for what was removed and is still mapped. Empty where the kernel does not list it. */
    static List<SystemVMemory> systemVMemory() {
        return read(PROC.resolve("sysvipc/shm")).stream().flatMap(String::lines).skip(1)
                .map(line -> line.strip().split(" +"))
                .filter(columns -> (Integer.parseInt(columns[SystemVMemory.MODE], 8) & SystemVMemory.DESTROYED) == 0)
                .map(columns -> new SystemVMemory(Long.parseLong(columns[SystemVMemory.ID]),
                        (int) Long.parseLong(columns[0]), Long.parseLong(columns[SystemVMemory.CREATOR])))
                .toList();
    }

    /** The files that are mapped into this process, one entry for each mapping. */
    static List<String> mappedFiles() {
        List<String> files = new ArrayList<>();
        read(PROC.resolve("self/maps")).ifPresent(text -> text.lines().forEach(line -> {
            int path = line.indexOf('/');
            if (path >= 0) {
                files.add(line.substring(path));
            }
        }));
        return files;
    }

    private static Optional<Path> link(Path path) {
        try {
            return Optional.of(Files.readSymbolicLink(path));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path path) {
        try {
            String text = Files.readString(path, StandardCharsets.ISO_8859_1);
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<Path> list(Path directory) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        return entries;
    }
}

package org.jvmipc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the two sides run.
 *
 * @param first the CPU of the side that sends, negative if it is not pinned
 * @param second the CPU of the other one, negative if it is not pinned
 */
record Cpus(int first, int second) {
    private static final Cpus ANY = new Cpus(-1, -1);

    /** Two CPUs given as "0,1". */
    static Cpus parse(String text) {
        String[] numbers = text.split(",");
        if (numbers.length != 2 || !numbers[0].matches("\\d{1,5}") || !numbers[1].matches("\\d{1,5}")
                || numbers[0].equals(numbers[1])) {
            throw new IllegalArgumentException("--cpus is \"" + text + "\"; two different CPUs such as 0,1 are needed");
        }
        return new Cpus(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    /** The first two that this process may use; none if they cannot be told or cannot be pinned to. */
    static Cpus find() {
        List<Integer> allowed = allowed();
        return allowed.isEmpty() ? ANY : new Cpus(allowed.get(0), allowed.get(1));
    }

    /** All that this process may use; none if they cannot be told or cannot be pinned to, or if there is one only. */
    static List<Integer> allowed() {
        if (findCommand("taskset") == null) {
            return List.of();
        }
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    List<Integer> allowed = list(line.substring(line.indexOf(':') + 1).trim());
                    return allowed.size() < 2 ? List.of() : allowed;
                }
            }
        } catch (IOException none) {
            // Not Linux.
        }
        return List.of();
    }

    private static List<Integer> list(String ranges) {
        List<Integer> cpus = new ArrayList<>();
        for (String range : ranges.split(",")) {
            String[] ends = range.split("-");
            for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }

    boolean isPinned() {
        return first >= 0;
    }

    /** What to put before a command to have it run on a CPU. */
    static List<String> prefix(int cpu) {
        return cpu < 0 ? List.of() : List.of("taskset", "-c", Integer.toString(cpu));
    }

    /** A command of the path; null if there is none. */
    static Path findCommand(String name) {
        String path = System.getenv("PATH");
        for (String directory : path == null ? new String[0] : path.split(":")) {
            Path command = Path.of(directory, name);
            if (Files.isExecutable(command) && !Files.isDirectory(command)) {
                return command;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return isPinned() ? "pinned to CPUs " + first + " and " + second : "not pinned";
    }
}

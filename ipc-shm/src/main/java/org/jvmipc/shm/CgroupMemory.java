package org.jvmipc.shm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the limits of memory leave that control groups, and so containers, set for this process. Beyond them the kernel
 * does not refuse memory but ends a process. Versions 1 and 2, by their documents in the kernel's {@code
 * Documentation/admin-guide}: {@code cgroup-v1/memory.rst} and {@code cgroup-v2.rst}.
 */
final class CgroupMemory {
    private static final Path GROUPS = Path.of("/proc/self/cgroup");
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    /**
     * The files of a version.
     *
     * @param limit holds the limit
     * @param usage holds what is used, cache of files included
     * @param cache fields of {@code memory.stat} that tell the cache of files, which is given back when it has to be
     */
    private record Version(String limit, String usage, List<String> cache) {
    }

    private static final Version ONE = new Version("memory.limit_in_bytes", "memory.usage_in_bytes",
            List.of("total_inactive_file", "total_active_file"));
    private static final Version TWO =
            new Version("memory.max", "memory.current", List.of("inactive_file", "active_file"));

    private CgroupMemory() {
    }

    /** In bytes; {@link Long#MAX_VALUE} if there is no limit, or none can be seen. */
    static long available() {
        return available(GROUPS, MOUNT);
    }

    /**
     * The same of other files than the kernel's.
     *
     * @param groups as {@code /proc/self/cgroup}
     * @param mount as {@code /sys/fs/cgroup}
     */
    static long available(Path groups, Path mount) {
        long least = Long.MAX_VALUE;
        try {
            for (String line : Files.readAllLines(groups)) {
                // number:controllers:path
                String[] field = line.split(":", 3);
                if (field.length == 3 && field[1].isEmpty()) {
                    least = Math.min(least, least(mount, field[2], TWO));
                } else if (field.length == 3 && List.of(field[1].split(",")).contains("memory")) {
                    least = Math.min(least, least(mount.resolve("memory"), field[2], ONE));
                }
            }
        } catch (IOException unknown) {
            return least;
        }
        return least;
    }

    /** A limit holds for all groups below it. Of those above the root of a container nothing can be seen. */
    private static long least(Path mount, String path, Version version) {
        Path group = mount.resolve(path.substring(1)).normalize();
        if (!group.startsWith(mount)) {
            group = mount;
        }
        long least = Long.MAX_VALUE;
        for (; group.startsWith(mount); group = group.getParent()) {
            least = Math.min(least, available(group, version));
        }
        return least;
    }

    private static long available(Path group, Version version) {
        try {
            String limit = Files.readString(group.resolve(version.limit())).trim();
            if (limit.equals("max")) {
                return Long.MAX_VALUE;
            }
            long used = Long.parseLong(Files.readString(group.resolve(version.usage())).trim());
            return Math.max(0, Long.parseLong(limit) - Math.max(0, used - cache(group, version)));
        } catch (IOException | UncheckedIOException | NumberFormatException unknown) {
            return Long.MAX_VALUE;
        }
    }

    private static long cache(Path group, Version version) throws IOException {
        try (Stream<String> lines = Files.lines(group.resolve("memory.stat"))) {
            return lines.map(line -> line.split(" ", 2)).filter(field -> version.cache().contains(field[0]))
                    .mapToLong(field -> Long.parseLong(field[1].trim())).sum();
        }
    }
}

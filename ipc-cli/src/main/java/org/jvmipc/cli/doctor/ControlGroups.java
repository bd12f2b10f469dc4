package org.jvmipc.cli.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What control groups, and so containers, leave a process, of version 1 or 2, as the kernel's {@code cgroup-v1} and
 * {@code cgroup-v2.rst} have it. A limit holds for all groups below; of those above a container nothing can be seen.
 */
final class ControlGroups {
    private static final String MOUNT = "/sys/fs/cgroup";
    /** What version 1 says where there is no limit: all pages that can be numbered. */
    private static final long NO_LIMIT = 1L << 60;

    private final Machine machine;

    ControlGroups(Machine machine) {
        this.machine = machine;
    }

    /** Bytes of memory; -1 if there is no limit. */
    long memory() {
        long least = Long.MAX_VALUE;
        for (String group : groups("memory")) {
            for (String file : List.of("/memory.max", "/memory.limit_in_bytes")) {
                long limit = machine.number(group + file);
                least = limit >= 0 ? Math.min(least, limit) : least;
            }
        }
        return least < NO_LIMIT ? least : -1;
    }

    /** Of one processor, in percent; -1 if there is no limit. */
    long processor() {
        long least = Long.MAX_VALUE;
        for (String group : groups("cpu")) {
            String[] field = machine.text(group + "/cpu.max").trim().split(" ");
            long quota = machine.number(group + "/cpu.cfs_quota_us");
            long period = machine.number(group + "/cpu.cfs_period_us");
            if (field.length == 2 && !field[0].equals("max")) {
                quota = Long.parseLong(field[0]);
                period = Long.parseLong(field[1]);
            }
            least = quota > 0 && period > 0 ? Math.min(least, quota * 100 / period) : least;
        }
        return least < Long.MAX_VALUE ? least : -1;
    }

    /** The directories of the group of this process and of those above it. */
    private List<String> groups(String controller) {
        List<String> found = new ArrayList<>(List.of(MOUNT, MOUNT + "/" + controller));
        for (String line : machine.text("/proc/self/cgroup").split("\n")) {
            // number:controllers:path
            String[] field = line.split(":", 3);
            if (field.length < 3 || field[2].contains("..")) {
                continue;
            }
            boolean one = Arrays.asList(field[1].split(",")).contains(controller);
            if (one || field[1].isEmpty()) {
                String mount = one ? MOUNT + "/" + controller : MOUNT;
                for (String path = field[2]; path.length() > 1; path = path.substring(0, path.lastIndexOf('/'))) {
                    found.add(mount + path);
                }
            }
        }
        return found;
    }
}

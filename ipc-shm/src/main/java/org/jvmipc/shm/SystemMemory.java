package org.jvmipc.shm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jvmipc.NoSpaceException;

/** The memory of the machine, for segments that no file system limits: filling it up would end other processes. */
final class SystemMemory {
    private static final Path STATE = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";

    private SystemMemory() {
    }

    /**
     * What the kernel thinks that it could give to this process without swapping, in bytes, within the limits of its
     * control groups; -1 if it does not tell.
     */
    static long available() {
        long machine = ofTheMachine();
        return machine < 0 ? -1 : Math.min(machine, CgroupMemory.available());
    }

    private static long ofTheMachine() {
        try (Stream<String> lines = Files.lines(STATE)) {
            return lines.filter(line -> line.startsWith(AVAILABLE))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst().orElse(-1);
        } catch (IOException unknown) {
            return -1;
        }
    }

    /**
     * Refuses what would take more than there is.
     *
     * @throws NoSpaceException if it would
     */
    static void check(String name, long size) {
        long available = available();
        if (available >= 0 && available < size) {
            throw new NoSpaceException(name, size, available);
        }
    }
}

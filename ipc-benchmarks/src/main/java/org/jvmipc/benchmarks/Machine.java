package org.jvmipc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What figures belong to. */
final class Machine {
    private Machine() {
    }

    static Map<String, String> describe() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Java", Runtime.version() + ", " + System.getProperty("java.vm.name"));
        all.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch"));
        all.put("CPUs", Runtime.getRuntime().availableProcessors() + ", " + model());
        all.put("C", CPrograms.isAvailable() ? String.join(" ", CPrograms.COMPILER) : "none");
        return all;
    }

    private static String model() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst().orElse("of an unknown model");
        } catch (IOException none) {
            return "of an unknown model";
        }
    }
}

package org.jvmipc.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The registry of named channels and life files, seen from outside: as a directory that tests must not litter. */
final class Registry {

    private static final String PROPERTY = "ipc.home";
    private static final String VARIABLE = "IPC_HOME";
    /** What processes wake each other by; the last one removes it. */
    private static final String DOORBELLS = "bells";

    private Registry() {
    }

    static Path home() {
        String configured = configured();
        return configured == null ? Path.of("/dev/shm", "jvmipc-" + ProcFs.uid()) : Path.of(configured);
    }

    private static String configured() {
        return System.getProperty(PROPERTY, System.getenv(VARIABLE));
    }

    /**
     * The default registry belongs to all processes of the user, so a new entry there needs a sign that it is ours.
     */
    static boolean isDebris(Path path, String prefix, List<Long> children) {
        String name = home().relativize(path).toString();
        if (name.contains(prefix) || children.stream().anyMatch(pid -> names(name, pid))) {
            return true;
        }
        return configured() != null && !name.equals(DOORBELLS) && !names(name, ProcFs.self());
    }

    /** What this process keeps until it ends: its life file, in whatever form, and the doorbells of all. */
    static boolean isOwn(String path, String prefix) {
        String home = home() + "/";
        return path.startsWith(home) && !path.contains(prefix)
                && (path.startsWith(home + DOORBELLS) || names(path.substring(home.length() - 1), ProcFs.self()));
    }

    private static boolean names(String name, long pid) {
        return Pattern.compile("(?<!\\d)" + pid + "(?!\\d)").matcher(name).find();
    }
}

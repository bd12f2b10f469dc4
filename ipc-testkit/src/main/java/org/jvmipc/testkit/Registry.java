package org.jvmipc.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The registry of named channels and life files, seen from outside: as a directory that tests must not litter. */
final class Registry {

    private static final String PROPERTY = "ipc.home";
    private static final String VARIABLE = "IPC_HOME";

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
        return configured() != null && !names(name, ProcFs.self());
    }

    /** What this process keeps until it ends: its life file, in whatever form. */
    static boolean isOwn(String path, String prefix) {
        return path.startsWith(home() + "/") && names(path.substring(home().toString().length()), ProcFs.self())
                && !path.contains(prefix);
    }

    private static boolean names(String name, long pid) {
        return Pattern.compile("(?<!\\d)" + pid + "(?!\\d)").matcher(name).find();
    }
}

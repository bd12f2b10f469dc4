package org.jvmipc.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jvmipc.spi.Inspection;

/**
 * What processes have open, as {@code /proc} shows it: for finding what has no name in any directory, and whose it is.
 * A snapshot; processes of other users, and of PID namespaces that cannot be seen from here, are not in it. Plain Java.
 */
public final class OpenFiles {
    private static final Path PROC = Path.of("/proc");
    private static final int LONGEST_NAME = 100;
    /** Options of {@code java} that are followed by an argument of their own. */
    private static final Set<String> WITH_ARGUMENT = Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path",
            "--add-modules", "--add-opens", "--add-exports", "--add-reads", "--patch-module", "--source",
            "--enable-native-access", "--upgrade-module-path", "--limit-modules", "--describe-module");

    private final List<Holder> holders = new ArrayList<>();

    /** A process with its open files. */
    public static final class Holder {
        private final long pid;
        private final boolean jvm;
        private final Map<Integer, String> links = new LinkedHashMap<>();

        private Holder(long pid, boolean jvm) {
            this.pid = pid;
            this.jvm = jvm;
        }

        /**
         * Which process.
         *
         * @return its number in this PID namespace
         */
        public long pid() {
            return pid;
        }

        /**
         * Whether it runs the {@code java} command.
         *
         * @return false for programs that only contain a JVM
         */
        public boolean isJvm() {
            return jvm;
        }

        /**
         * What it has open.
         *
         * @return what the links of its descriptors say, such as {@code socket:[123]} or a path
         */
        public Map<Integer, String> links() {
            return Map.copyOf(links);
        }

        /**
         * What it has mapped.
         *
         * @param part of the names of the files
         * @return names of files that are mapped and contain that
         */
        public Set<String> mapped(String part) {
            Set<String> found = new TreeSet<>();
            String maps = read(PROC.resolve(pid + "/maps"));
            for (int at = maps.indexOf(part); at >= 0; at = maps.indexOf(part, at + 1)) {
                int end = maps.indexOf('\n', at);
                int start = maps.lastIndexOf('\n', at) + 1;
                String line = maps.substring(start, end < 0 ? maps.length() : end);
                int slash = line.indexOf('/');
                if (slash >= 0) {
                    found.add(line.substring(slash));
                }
            }
            return found;
        }
    }

    private OpenFiles() {
    }

    /**
     * Returns what processes had open at some moment of a look.
     *
     * @param scope the look, which also says whether other programs than JVMs are of interest
     * @return the same for all who look
     */
    public static OpenFiles of(Inspection scope) {
        return scope.once(OpenFiles.class, new Supplier<>() {
            @Override
            public OpenFiles get() {
                return scan(scope.everything());
            }
        });
    }

    /**
     * Looks at all processes that can be seen.
     *
     * @param everything whether to look at those, too, that do not run the {@code java} command
     * @return a snapshot
     */
    public static OpenFiles scan(boolean everything) {
        OpenFiles scan = new OpenFiles();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC)) {
            for (Path process : processes) {
                String name = process.getFileName().toString();
                if (name.charAt(0) >= '0' && name.charAt(0) <= '9') {
                    scan.add(process, Long.parseLong(name), everything);
                }
            }
        } catch (IOException | NumberFormatException hidden) {
            return scan;
        }
        return scan;
    }

    private void add(Path process, long pid, boolean everything) {
        boolean jvm;
        try {
            jvm = Files.readSymbolicLink(process.resolve("exe")).getFileName().toString().equals("java");
        } catch (IOException | RuntimeException goneOrRefused) {
            return;
        }
        if (!jvm && !everything) {
            return;
        }
        Holder holder = new Holder(pid, jvm);
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                addLink(holder, descriptor);
            }
        } catch (IOException | RuntimeException goneOrRefused) {
            return;
        }
        holders.add(holder);
    }

    private static void addLink(Holder holder, Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            if (target.startsWith("socket:") || target.startsWith("/") && !target.endsWith(".jar")) {
                holder.links.put(Integer.parseInt(descriptor.getFileName().toString()), target);
            }
        } catch (IOException | RuntimeException closed) {
            // It was closed meanwhile.
            holder.links.remove(-1);
        }
    }

    /**
     * Those who were seen.
     *
     * @return in the order of their numbers in the directory
     */
    public List<Holder> holders() {
        return List.copyOf(holders);
    }

    /**
     * What people call a process: the main class of a JVM, the name of another program.
     *
     * @param pid its number in this PID namespace
     * @return empty if it is not there, or hidden
     */
    public static String name(long pid) {
        String[] word = read(PROC.resolve(pid + "/cmdline")).split("\0");
        String program = word[0].substring(word[0].lastIndexOf('/') + 1);
        if (!program.equals("java")) {
            return shortened(program);
        }
        for (int i = 1; i < word.length; i++) {
            if (word[i].equals("-jar") || word[i].equals("-m") || word[i].equals("--module")) {
                return i + 1 < word.length ? shortened(word[i + 1].substring(word[i + 1].lastIndexOf('/') + 1)) : "";
            }
            if (WITH_ARGUMENT.contains(word[i])) {
                i++;
            } else if (!word[i].startsWith("-") && !word[i].startsWith("@")) {
                return shortened(word[i]);
            }
        }
        return program;
    }

    private static String shortened(String name) {
        return name.length() > LONGEST_NAME ? name.substring(name.length() - LONGEST_NAME) : name;
    }

    /**
     * Tells whether a process was stopped by a signal or a debugger.
     *
     * @param pid its number in this PID namespace
     * @return false also if it is not there
     */
    public static boolean isStopped(long pid) {
        String stat = read(PROC.resolve(pid + "/stat"));
        int state = stat.lastIndexOf(')') + 2;
        return state > 1 && state < stat.length() && (stat.charAt(state) == 'T' || stat.charAt(state) == 't');
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException | RuntimeException hidden) {
            return "";
        }
    }
}

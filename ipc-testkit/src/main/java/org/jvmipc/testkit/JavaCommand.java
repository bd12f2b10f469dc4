package org.jvmipc.testkit;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** The parts of a child's command line that follow from the JVM that starts it. */
final class JavaCommand {

    private static final String NATIVE_ACCESS = "--enable-native-access";
    private static final int NATIVE_ACCESS_WARNS_SINCE = 22;
    private static final int UNSAFE_WARNS_SINCE = 23;
    private static final String CHRONICLE = "net/openhft/chronicle/queue/ChronicleQueue.class";

    private static ChildArchive archive;

    private JavaCommand() {
    }

    /**
     * The class path that makes the same classes visible as in this JVM, also when it was started with a module path:
     * the child of a modular test runs on the class path unless it asks for modules.
     */
    static List<Path> classPath(Class<?>... needed) {
        Set<Path> entries = new LinkedHashSet<>();
        // Surefire may start its JVM with one small jar that only refers to the others.
        addAll(entries, System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", "")));
        addAll(entries, System.getProperty("jdk.module.path", ""));
        for (Class<?> type : needed) {
            // The place it was read from, which for a patched module is the patch and not the module.
            Path root = root(type);
            if (root != null) {
                entries.add(root);
            }
        }
        return List.copyOf(entries);
    }

    private static void addAll(Set<Path> entries, String path) {
        for (String entry : path.split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                entries.add(Path.of(entry).toAbsolutePath());
            }
        }
    }

    private static Path root(Class<?> type) {
        String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        URL url = type.getResource(file);
        if (url == null || !url.getProtocol().equals("file")) {
            return null; // in a jar, which is on one of the paths anyway
        }
        try {
            Path root = Path.of(url.toURI());
            for (int depth = type.getName().split("\\.").length; depth > 0; depth--) {
                root = root.getParent();
            }
            return root;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static String join(List<Path> entries) {
        return String.join(File.pathSeparator, entries.stream().map(Path::toString).toList());
    }

    /**
     * The flags that make a small JVM start fast. Two garbage collectors in one command line are an error, and so the
     * caller's choice, if any, replaces the default.
     */
    static List<String> smallJvm(List<String> jvmArgs) {
        List<String> flags = new ArrayList<>();
        if (jvmArgs.stream().noneMatch(arg -> arg.matches("-XX:\\+Use\\w+GC"))) {
            flags.add("-XX:+UseSerialGC");
        }
        flags.add("-XX:TieredStopAtLevel=1");
        flags.add("-Xshare:auto");
        flags.add("-Xmx64m");
        // A JVM that is killed would leave its performance data in the temporary directory.
        flags.add("-XX:-UsePerfData");
        // What a child writes is looked at, and a logging framework takes a tenth of a second to come up.
        if (jvmArgs.stream().noneMatch(arg -> arg.startsWith("-Dipc.log="))) {
            flags.add("-Dipc.log=off");
        }
        return flags;
    }

    /** Native access is passed on only if this JVM has it: a test must see the warnings that users would see. */
    static List<String> nativeAccess(Path javaHome) {
        boolean here = parentArgs().stream().anyMatch(arg -> arg.startsWith(NATIVE_ACCESS));
        return here && featureVersion(javaHome) >= NATIVE_ACCESS_WARNS_SINCE
                ? List.of(NATIVE_ACCESS + "=ALL-UNNAMED") : List.of();
    }

    /** The exports and opens that this JVM was started with. */
    static List<String> opens() {
        return parentArgs().stream()
                .filter(arg -> arg.startsWith("--add-opens=") || arg.startsWith("--add-exports="))
                .toList();
    }

    /**
     * What Chronicle Queue, on which {@code queue:} stands, needs of a JVM; nothing if it is not on the class path.
     */
    static List<String> chronicle(Path javaHome) {
        if (JavaCommand.class.getClassLoader().getResource(CHRONICLE) == null) {
            return List.of();
        }
        List<String> flags = new ArrayList<>(List.of(
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"));
        if (featureVersion(javaHome) >= UNSAFE_WARNS_SINCE) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }

    /**
     * The archive that children with the usual class path share, if there is to be one and it is there. A class whose
     * root is on no path of this JVM changes the class path, and its child gets none.
     */
    static Optional<ChildArchive> archive(Path javaHome, Class<?> type) {
        String base = System.getProperty(ChildArchive.PROPERTY);
        if (base == null || base.isEmpty()) {
            return Optional.empty();
        }
        List<Path> usual = classPath(PeerMain.class);
        if (!classPath(PeerMain.class, type).equals(usual)) {
            return Optional.empty();
        }
        try {
            synchronized (JavaCommand.class) {
                if (archive == null) {
                    List<String> flags = new ArrayList<>(smallJvm(List.of()));
                    flags.addAll(nativeAccess(javaHome));
                    flags.addAll(chronicle(javaHome));
                    archive = new ChildArchive(Path.of(base), javaHome, usual, flags);
                }
                return archive.isReady() ? Optional.of(archive) : Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty(); // a full disk is no reason for a test to fail
        }
    }

    private static List<String> parentArgs() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    private static int featureVersion(Path javaHome) {
        if (javaHome.equals(Path.of(System.getProperty("java.home")))) {
            return Runtime.version().feature();
        }
        Properties release = new Properties();
        try (var in = Files.newInputStream(javaHome.resolve("release"))) {
            release.load(in);
        } catch (IOException e) {
            throw new IllegalArgumentException(javaHome + " is no Java home: it has no readable file \"release\"", e);
        }
        return Runtime.Version.parse(release.getProperty("JAVA_VERSION").replace("\"", "")).feature();
    }
}

package org.jvmipc.process.internal;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jvmipc.Ipc;
import org.jvmipc.process.Program;
import org.jvmipc.spi.ChannelProvider;

/** Makes the command that runs a program in a JVM of its own. */
final class CommandLine {
    private final List<String> groupArgs;
    private final Set<String> flags = new LinkedHashSet<>();

    CommandLine(List<String> groupArgs) {
        this.groupArgs = groupArgs;
        flags.add("--enable-native-access=ALL-UNNAMED");
        for (ChannelProvider provider
                : ServiceLoader.load(ChannelProvider.class, CommandLine.class.getClassLoader())) {
            flags.addAll(provider.jvmFlags());
        }
    }

    /**
     * The command.
     *
     * @throws IOException if the program is a jar that cannot be read
     * @throws IllegalArgumentException if it is a jar that names no main class
     */
    List<String> of(Program program, Map<String, String> properties) throws IOException {
        Set<String> jvm = new LinkedHashSet<>(flags);
        Set<Path> path = new LinkedHashSet<>();
        String main = program.main();
        if (program.jar() != null) {
            main = readManifest(program.jar(), jvm);
            path.add(program.jar());
        }
        path.addAll(program.classPath());
        if (!hasToolkit(path)) {
            addAll(path, System.getProperty("java.class.path", ""));
            addAll(path, System.getProperty("jdk.module.path", ""));
        }
        addOwn(path);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(groupArgs);
        command.addAll(program.jvmArgs());
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("-cp");
        command.add(String.join(File.pathSeparator, path.stream().map(Path::toString).toList()));
        command.add(ChildMain.class.getName());
        command.add(main);
        command.addAll(program.args());
        return command;
    }

    /** Whether a program brings the toolkit along, perhaps in another version: then it is not to be mixed with ours. */
    private static boolean hasToolkit(Set<Path> path) throws IOException {
        List<URL> entries = new ArrayList<>();
        for (Path entry : path) {
            entries.add(entry.toUri().toURL());
        }
        // Also finds what the manifests of jars name.
        try (URLClassLoader program = new URLClassLoader(entries.toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader())) {
            return program.findResource(Ipc.class.getName().replace('.', '/') + ".class") != null;
        }
    }

    private static void addAll(Set<Path> entries, String path) {
        for (String entry : path.split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                entries.add(Path.of(entry).toAbsolutePath());
            }
        }
    }

    /** Where {@link ChildMain} is; at the end, so that a program that has the toolkit uses its own. */
    private static void addOwn(Set<Path> path) {
        CodeSource own = ChildMain.class.getProtectionDomain().getCodeSource();
        if (own != null && own.getLocation().getProtocol().equals("file")) {
            path.add(Path.of(URI.create(own.getLocation().toString())));
        }
    }

    /** What {@code java -jar} does with a manifest, beside the class path, which the JVM reads anyway. */
    private static String readManifest(Path jar, Set<String> jvm) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            Attributes attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
            String main = attributes.getValue(Attributes.Name.MAIN_CLASS);
            if (main == null) {
                throw new IllegalArgumentException(jar + " has no Main-Class in its manifest; add one, or name the "
                        + "class, with the jar as its class path");
            }
            addAll(jvm, "--add-opens=", attributes.getValue("Add-Opens"));
            addAll(jvm, "--add-exports=", attributes.getValue("Add-Exports"));
            return main;
        }
    }

    private static void addAll(Set<String> jvm, String option, String packages) {
        if (packages != null) {
            for (String each : packages.trim().split(" +")) {
                jvm.add(option + each + "=ALL-UNNAMED");
            }
        }
    }
}

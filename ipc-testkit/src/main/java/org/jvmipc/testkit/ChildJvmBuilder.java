package org.jvmipc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Collects how a {@link ChildJvm} is to be started. Made by {@link ChildJvm#of}; used by one thread. {@link #start}
 * may be called several times, each call starts another child.
 */
public final class ChildJvmBuilder {

    private static final String TESTKIT_MODULE = "org.jvmipc.testkit";
    private static final String HOME_PROPERTY = "ipc.home";

    private static final Map<String, Integer> IGNORED_BY_SHELLS = Map.of("HUP", 1, "INT", 2, "QUIT", 3);

    private final Class<?> type;
    private final List<String> args = new ArrayList<>();
    private final List<String> jvmArgs = new ArrayList<>();
    private final List<String> wrapper = new ArrayList<>();
    private final List<String> blocked = new ArrayList<>();
    private final Map<String, String> env = new LinkedHashMap<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private List<Path> modulePath = List.of();
    private String module;
    private Path javaHome = Path.of(System.getProperty("java.home"));
    private Path directory;
    private boolean inheritOpens;

    ChildJvmBuilder(Class<?> type) {
        this.type = type;
        if (Peer.class.isAssignableFrom(type)) {
            checkPeer();
        } else {
            checkMain();
        }
    }

    private void checkPeer() {
        boolean inner = type.isMemberClass() && !Modifier.isStatic(type.getModifiers());
        if (inner || type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic() || type.isHidden()
                || Modifier.isAbstract(type.getModifiers())) {
            throw new IllegalArgumentException(type.getName() + " cannot be made in another JVM by its name: "
                    + "a peer is a concrete top-level or static nested class");
        }
        try {
            type.getDeclaredConstructor();
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type.getName() + " has no constructor without arguments", e);
        }
    }

    private void checkMain() {
        try {
            if (Modifier.isStatic(type.getMethod("main", String[].class).getModifiers())) {
                return;
            }
        } catch (NoSuchMethodException e) {
            // told below
        }
        throw new IllegalArgumentException(type.getName()
                + " is neither a Peer nor has it a public static void main(String[])");
    }

    /**
     * Adds arguments of the program.
     *
     * @param more one string for each argument; {@link Object#toString} is applied
     * @return this
     */
    public ChildJvmBuilder args(Object... more) {
        for (Object arg : more) {
            args.add(arg.toString());
        }
        return this;
    }

    /**
     * Sets a parameter, to be read by {@link PeerContext#parameter}.
     *
     * @param name its name
     * @param value its value; {@link Object#toString} is applied
     * @return this
     */
    public ChildJvmBuilder parameter(String name, Object value) {
        parameters.put(name, value.toString());
        return this;
    }

    /**
     * Adds arguments of the JVM. They follow the defaults ({@code -XX:+UseSerialGC -XX:TieredStopAtLevel=1
     * -Xshare:auto -Xmx64m -XX:-UsePerfData -Dipc.log=off}) and so win over them; another collector replaces the
     * default one.
     *
     * @param more one string for each argument
     * @return this
     */
    public ChildJvmBuilder jvmArgs(String... more) {
        jvmArgs.addAll(List.of(more));
        return this;
    }

    /**
     * Gives the child the {@code --add-opens} and {@code --add-exports} of this JVM. Those for Chronicle Queue, which
     * {@code queue:} channels need, it has in any case if that library is on the class path.
     *
     * @return this
     */
    public ChildJvmBuilder inheritOpens() {
        inheritOpens = true;
        return this;
    }

    /**
     * Sets a variable of the child's environment, which otherwise is that of this JVM.
     *
     * @param name its name
     * @param value its value; {@code null} removes the variable
     * @return this
     */
    public ChildJvmBuilder env(String name, String value) {
        env.put(name, value);
        return this;
    }

    /**
     * Chooses the JDK.
     *
     * @param home its directory, the one that holds {@code bin/java}; by default that of this JVM
     * @return this
     * @throws IllegalArgumentException if there is no JDK
     */
    public ChildJvmBuilder javaHome(Path home) {
        if (!Files.isExecutable(home.resolve("bin/java"))) {
            throw new IllegalArgumentException(home + " is no Java home: it has no program bin/java");
        }
        javaHome = home;
        return this;
    }

    /**
     * Chooses the working directory.
     *
     * @param path the directory; by default that of this JVM
     * @return this
     */
    public ChildJvmBuilder directory(Path path) {
        directory = path;
        return this;
    }

    /**
     * Puts libraries on the module path, all of them resolved. Unless {@link #module} is called too, the class to run
     * is looked for on the class path, which holds everything that the test's own path holds and this one does not.
     * Its package then must be in none of the modules, as Java looks for a package in one place only.
     *
     * @param entries jars and directories of modules; must hold the modules of the test kit, of the core and of
     *     JUnit if {@link #module} is called
     * @return this
     */
    public ChildJvmBuilder modulePath(Path... entries) {
        modulePath = List.of(entries);
        return this;
    }

    /**
     * Starts the child without a class path, from {@link #modulePath} alone.
     *
     * @param name the module that holds the class to run; its package need not be open
     * @return this
     */
    public ChildJvmBuilder module(String name) {
        module = name;
        return this;
    }

    /**
     * Puts another command in front of the JVM's, such as {@code unshare --fork --pid --kill-child} or
     * {@code setpriv --reuid 65534 --clear-groups}. The child's {@link ChildJvm#pid} is that of the JVM all the same,
     * as this process sees it.
     *
     * @param command the command and its arguments
     * @return this
     */
    public ChildJvmBuilder wrapper(String... command) {
        wrapper.addAll(List.of(command));
        return this;
    }

    /**
     * Starts the child with signals blocked in all its threads, so that they wait to be read there; by the command
     * {@code env} of GNU coreutils. Real-time signals stay blocked; of the others the JVM itself unblocks some.
     *
     * @param signals names without SIG, such as {@code RTMIN+1}
     * @return this
     */
    public ChildJvmBuilder blockSignals(String... signals) {
        blocked.addAll(List.of(signals));
        return this;
    }

    /**
     * Returns the whole command line, for those who start the process by other means. The program it runs ends when
     * the process that called this method ends. Where this JVM was started with HUP, INT or QUIT ignored, as a shell
     * does for what it runs in the background, the command begins with {@code env} of GNU coreutils, by which the child
     * does not ignore them.
     *
     * @return the command and its arguments, unmodifiable
     */
    public List<String> command() {
        List<String> command = new ArrayList<>();
        if (!inheritedIgnored().isEmpty()) {
            command.addAll(List.of("env", "--default-signal=" + String.join(",", inheritedIgnored())));
        }
        command.addAll(wrapper);
        if (!blocked.isEmpty()) {
            command.addAll(List.of("env", "--block-signal=" + String.join(",", blocked)));
        }
        command.add(javaHome.resolve("bin/java").toString());
        command.addAll(JavaCommand.smallJvm(jvmArgs));
        command.addAll(JavaCommand.nativeAccess(javaHome));
        command.addAll(JavaCommand.chronicle(javaHome));
        Optional<ChildArchive> archive = archive();
        archive.ifPresent(classes -> command.addAll(classes.flags()));
        if (inheritOpens) {
            command.addAll(JavaCommand.opens());
        }
        if (wrapper.isEmpty()) {
            command.add("-D" + ParentWatch.PARENT_PROPERTY + "=" + ProcFs.self());
        }
        if (System.getProperty(HOME_PROPERTY) != null) {
            command.add("-D" + HOME_PROPERTY + "=" + System.getProperty(HOME_PROPERTY));
        }
        parameters.forEach((name, value) -> command.add("-D" + PeerContext.PARAMETER_PREFIX + name + "=" + value));
        command.addAll(jvmArgs);
        addPaths(command, archive);
        command.add(type.getName());
        command.addAll(args);
        return Collections.unmodifiableList(command);
    }

    /**
     * The signals that a shell ignores for what it starts by {@code nohup} or {@code &}, if it did so for this JVM. A
     * child would inherit that, and not end by a signal that ends it otherwise.
     */
    private static List<String> inheritedIgnored() {
        List<String> names = new ArrayList<>();
        IGNORED_BY_SHELLS.forEach((name, number) -> {
            if (ProcFs.ignores(ProcFs.self(), number)) {
                names.add(name);
            }
        });
        return names;
    }

    /** Only for what is on the class path of all children, with this JVM's own JDK. */
    private Optional<ChildArchive> archive() {
        boolean usual = modulePath.isEmpty() && module == null && wrapper.isEmpty()
                && javaHome.equals(Path.of(System.getProperty("java.home")));
        return usual ? JavaCommand.archive(javaHome, type) : Optional.empty();
    }

    private void addPaths(List<String> command, Optional<ChildArchive> archive) {
        if (!modulePath.isEmpty()) {
            command.addAll(List.of("--module-path", JavaCommand.join(modulePath)));
        }
        if (module != null) {
            command.addAll(List.of("--add-modules", module,
                    "--add-opens", module + "/" + type.getPackageName() + "=" + TESTKIT_MODULE,
                    "-m", TESTKIT_MODULE + "/" + PeerMain.class.getName()));
            return;
        }
        if (!modulePath.isEmpty()) {
            command.addAll(List.of("--add-modules", "ALL-MODULE-PATH"));
        }
        List<Path> classPath = new ArrayList<>(archive.map(ChildArchive::classPath)
                .orElseGet(() -> JavaCommand.classPath(PeerMain.class, type)));
        modulePath.forEach(entry -> classPath.remove(entry.toAbsolutePath()));
        command.addAll(List.of("-cp", JavaCommand.join(classPath), PeerMain.class.getName()));
    }

    /**
     * Starts the child. Does not wait for its program to run: let the child say something, and expect it.
     *
     * @return the running child; to be closed
     * @throws UncheckedIOException if the command cannot be started
     */
    public ChildJvm start() {
        List<String> command = command();
        ProcessBuilder builder = new ProcessBuilder(command);
        // Would add to, or stand in for, the paths given here.
        builder.environment().remove("CLASSPATH");
        env.forEach((name, value) -> {
            if (value == null) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        try {
            Path java = javaHome.resolve("bin/java").toRealPath();
            ChildJvm child = new ChildJvm(type, command, builder.start());
            if (!command.get(0).equals(javaHome.resolve("bin/java").toString())) {
                child.findJvm(java);
            }
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + String.join(" ", command), e);
        }
    }
}

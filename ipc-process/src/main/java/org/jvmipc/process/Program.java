package org.jvmipc.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a process of a group runs, and how: a class or a jar, its arguments, its restart policy. Immutable: each method
 * returns another program.
 *
 * <p>The JVM is the one of this process. A class is looked for on the class path of this process; a jar brings its own,
 * as does a program that was given one. Where the toolkit is not among that, the class path of this process follows.
 * The flags that transports on the class path of this process need are set; nobody has to know them.
 */
public final class Program {
    private static final int MOST = 40;

    private final String main;
    private final Path jar;
    private final List<Path> classPath;
    private final List<String> args;
    private final List<String> jvmArgs;
    private final Map<String, String> environment;
    private final Restart restart;
    private final int count;
    private final boolean input;

    private Program(String main, Path jar) {
        this.main = main;
        this.jar = jar;
        this.classPath = List.of();
        this.args = List.of();
        this.jvmArgs = List.of();
        this.environment = Map.of();
        this.restart = Restart.never();
        this.count = 1;
        this.input = false;
    }

    private Program(Changes changes) {
        this.main = changes.base.main;
        this.jar = changes.base.jar;
        this.classPath = List.copyOf(changes.classPath);
        this.args = List.copyOf(changes.args);
        this.jvmArgs = List.copyOf(changes.jvmArgs);
        this.environment = Map.copyOf(changes.environment);
        this.restart = changes.restart;
        this.count = changes.count;
        this.input = changes.input;
    }

    /** A copy that can be changed. */
    private static final class Changes {
        private final Program base;
        private final List<Path> classPath;
        private final List<String> args;
        private final List<String> jvmArgs;
        private final Map<String, String> environment;
        private Restart restart;
        private int count;
        private boolean input;

        Changes(Program base) {
            this.base = base;
            this.classPath = new ArrayList<>(base.classPath);
            this.args = new ArrayList<>(base.args);
            this.jvmArgs = new ArrayList<>(base.jvmArgs);
            this.environment = new LinkedHashMap<>(base.environment);
            this.restart = base.restart;
            this.count = base.count;
            this.input = base.input;
        }
    }

    /**
     * A class.
     *
     * @param main has a {@code public static void main(String[])}; the class itself need not be public
     * @return the program
     * @throws IllegalArgumentException if it has none
     */
    public static Program of(Class<?> main) {
        try {
            main.getMethod("main", String[].class);
        } catch (NoSuchMethodException none) {
            throw new IllegalArgumentException(main.getName() + " has no public static void main(String[])", none);
        }
        return new Program(main.getName(), null);
    }

    /**
     * A class that need not be known here.
     *
     * @param main its name, as {@link Class#getName} gives it
     * @return the program
     */
    public static Program of(String main) {
        return new Program(Objects.requireNonNull(main, "main"), null);
    }

    /**
     * A jar, as {@code java -jar} takes it: its manifest names the main class, and may add to the class path, and open
     * and export packages.
     *
     * @param jar the file
     * @return the program
     */
    public static Program jar(Path jar) {
        return new Program(null, jar.toAbsolutePath());
    }

    /**
     * Adds arguments.
     *
     * @param more one for each argument; {@link Object#toString} is applied
     * @return another program
     */
    public Program args(Object... more) {
        Changes changes = new Changes(this);
        Stream.of(more).map(String::valueOf).forEach(changes.args::add);
        return new Program(changes);
    }

    /**
     * Adds options of the JVM, behind those of the group.
     *
     * @param more one string for each option
     * @return another program
     */
    public Program jvmArgs(String... more) {
        Changes changes = new Changes(this);
        changes.jvmArgs.addAll(List.of(more));
        return new Program(changes);
    }

    /**
     * Replaces the class path of this process, on which classes are looked for otherwise; but if these entries do not
     * have the toolkit, it follows behind them.
     *
     * @param entries jars and directories
     * @return another program
     */
    public Program classPath(Path... entries) {
        Changes changes = new Changes(this);
        changes.classPath.clear();
        Stream.of(entries).map(Path::toAbsolutePath).forEach(changes.classPath::add);
        return new Program(changes);
    }

    /**
     * Sets a variable of the environment, which otherwise is that of this process.
     *
     * @param name its name
     * @param value its value
     * @return another program
     */
    public Program environment(String name, String value) {
        Changes changes = new Changes(this);
        changes.environment.put(name, value);
        return new Program(changes);
    }

    /**
     * Sets when it is started again.
     *
     * @param policy the policy; {@link Restart#never()} by default
     * @return another program
     */
    public Program restart(Restart policy) {
        Changes changes = new Changes(this);
        changes.restart = Objects.requireNonNull(policy, "policy");
        return new Program(changes);
    }

    /**
     * Sets how many processes run it: of the name {@code worker} they are called {@code worker-1}, {@code worker-2} and
     * so on, and share the channels that {@code worker} is joined by.
     *
     * @param processes how many, 1 to 40
     * @return another program
     * @throws IllegalArgumentException if the number is out of range
     */
    public Program count(int processes) {
        if (processes < 1 || processes > MOST) {
            throw new IllegalArgumentException(
                    processes + " processes of one program; give a number from 1 to " + MOST);
        }
        Changes changes = new Changes(this);
        changes.count = processes;
        return new Program(changes);
    }

    /**
     * Gives it the standard input of this process; otherwise there is nothing to read.
     *
     * @return another program
     */
    public Program inheritInput() {
        Changes changes = new Changes(this);
        changes.input = true;
        return new Program(changes);
    }

    /**
     * The main class.
     *
     * @return its name, or null if a jar names it
     */
    public String main() {
        return main;
    }

    /**
     * The jar.
     *
     * @return its path, or null if it is a class
     */
    public Path jar() {
        return jar;
    }

    /**
     * Where classes are looked for.
     *
     * @return empty for the class path of this process
     */
    public List<Path> classPath() {
        return classPath;
    }

    /**
     * The arguments.
     *
     * @return in order
     */
    public List<String> args() {
        return args;
    }

    /**
     * The options of the JVM.
     *
     * @return in order
     */
    public List<String> jvmArgs() {
        return jvmArgs;
    }

    /**
     * What is added to the environment.
     *
     * @return names and values
     */
    public Map<String, String> environment() {
        return environment;
    }

    /**
     * When it is started again.
     *
     * @return the policy
     */
    public Restart restart() {
        return restart;
    }

    /**
     * How many processes run it.
     *
     * @return their number
     */
    public int count() {
        return count;
    }

    /**
     * Whether it has the standard input of this process.
     *
     * @return false if it has nothing to read
     */
    public boolean inheritsInput() {
        return input;
    }

    @Override
    public String toString() {
        return main == null ? jar.toString() : main;
    }
}

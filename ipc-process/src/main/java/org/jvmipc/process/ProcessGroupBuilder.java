package org.jvmipc.process;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.process.internal.GroupPlan;
import org.jvmipc.process.internal.Join;

/**
 * Describes a {@link ProcessGroup}: which programs, and who is joined to whom by what. For one thread. {@link #start}
 * may be called several times; each call starts another group, with channels of its own unless their addresses have
 * names.
 */
public final class ProcessGroupBuilder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");
    private static final String DEFAULT_CHANNEL = "shm:?capacity=256k";
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(3);

    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final List<Join> joins = new ArrayList<>();
    private final List<String> jvmArgs = new ArrayList<>();
    private final List<GroupListener> listeners = new ArrayList<>();
    private Duration grace = DEFAULT_GRACE;
    private PrintStream out = System.out;
    private PrintStream err = System.err;

    ProcessGroupBuilder() {
    }

    /**
     * Adds a process.
     *
     * @param name what it is called: 1 to 32 letters, digits, dashes and underscores, a letter first
     * @param main its main class
     * @return this
     * @throws IllegalArgumentException if the name is none or taken, or the class has no {@code main}
     */
    public ProcessGroupBuilder process(String name, Class<?> main) {
        return process(name, Program.of(main));
    }

    /**
     * Adds a process, or several that run one program: see {@link Program#count}.
     *
     * @param name what it is called: 1 to 32 letters, digits, dashes and underscores, a letter first
     * @param program what it runs
     * @return this
     * @throws IllegalArgumentException if the name is none or taken
     */
    public ProcessGroupBuilder process(String name, Program program) {
        Objects.requireNonNull(program, "program");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + name + "\" is no name of a process: 1 to 32 letters, digits, "
                    + "dashes and underscores, a letter first");
        }
        if (programs.putIfAbsent(name, program) != null) {
            throw new IllegalArgumentException("there are two processes \"" + name + "\"; give one another name, or "
                    + "use Program.count for several that run one program");
        }
        return this;
    }

    /**
     * Joins two processes by a ring of 256 KiB in shared memory. See {@link #join(String, String, String)}.
     *
     * @param from who sends
     * @param to who receives
     * @return this
     */
    public ProcessGroupBuilder join(String from, String to) {
        return join(from, to, "");
    }

    /**
     * Joins two processes by a channel. Each calls its end by the name of the other one. A name that stands for several
     * processes stands for all of them: they send to, or receive from, the same channel, and of several receivers one
     * gets each message.
     *
     * @param from who sends
     * @param to who receives
     * @param address such as {@code shm:?capacity=1m}: the group names the channel if there is no name. Possible are
     *     {@code shm:}, {@code queue:}, {@code posixmq:} and {@code sysvmq:}, in which messages outlive those who use
     *     them
     * @return this
     * @throws IllegalArgumentException if it is no address
     */
    public ProcessGroupBuilder join(String from, String to, String address) {
        return join("", from, to, address);
    }

    /**
     * Joins two processes by a channel under a name of its own, by which both call their end. So there may be several
     * between two processes.
     *
     * @param port the name, as one of a process; empty if each end is called by the other side's name
     * @param from who sends
     * @param to who receives
     * @param address as above; empty for a ring of 256 KiB in shared memory
     * @return this
     * @throws IllegalArgumentException if it is no address, or the name is none
     */
    public ProcessGroupBuilder join(String port, String from, String to, String address) {
        if (!port.isEmpty() && !NAME.matcher(port).matches()) {
            throw new IllegalArgumentException("\"" + port + "\" is no name of a channel's ends: 1 to 32 letters, "
                    + "digits, dashes and underscores, a letter first");
        }
        joins.add(new Join(port, from, to, Address.parse(address.isEmpty() ? DEFAULT_CHANNEL : address)));
        return this;
    }

    /**
     * Adds options of the JVM for all processes.
     *
     * @param more one string for each option, such as {@code -Xmx64m}
     * @return this
     */
    public ProcessGroupBuilder jvmArgs(String... more) {
        jvmArgs.addAll(List.of(more));
        return this;
    }

    /**
     * Sets how long processes may take to end after TERM, before KILL.
     *
     * @param time the time of grace; 3 s by default
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public ProcessGroupBuilder grace(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a time of grace of " + time + "; give one that is not negative");
        }
        grace = time;
        return this;
    }

    /**
     * Sets where the lines go that the processes print; the standard streams of this process by default.
     *
     * @param standard for their standard output
     * @param errors for their standard error; may be the same
     * @return this
     */
    public ProcessGroupBuilder output(PrintStream standard, PrintStream errors) {
        out = Objects.requireNonNull(standard, "standard");
        err = Objects.requireNonNull(errors, "errors");
        return this;
    }

    /**
     * Adds a listener.
     *
     * @param listener is told of what happens, from the first start on
     * @return this
     */
    public ProcessGroupBuilder listener(GroupListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Makes the channels and starts the processes. Returns without waiting for them; one that cannot be started fails
     * the group.
     *
     * @return the group; to be closed
     * @throws IllegalArgumentException if the description is wrong; nothing has been made or started
     * @throws org.jvmipc.IpcException if a channel cannot be made; nothing is left
     */
    public ProcessGroup start() {
        return new ProcessGroup(new GroupPlan(programs, joins)
                .start(jvmArgs, out, err, grace, List.copyOf(listeners)));
    }
}

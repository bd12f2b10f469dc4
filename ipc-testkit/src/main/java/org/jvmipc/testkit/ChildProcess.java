package org.jvmipc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The process of a {@link ChildJvm}, or the two of them where a wrapper such as {@code unshare --fork} stays in front
 * of the JVM: signals go to the JVM, the wrapper is the one to be waited for.
 */
final class ChildProcess {

    private static final int SIGQUIT = 3;
    private static final Set<ChildProcess> ALIVE = ConcurrentHashMap.newKeySet();
    private static final List<Long> STARTED = new CopyOnWriteArrayList<>();

    static {
        // A stopped child cannot see that its parent goes.
        Runtime.getRuntime().addShutdownHook(
                new Thread(() -> ALIVE.forEach(ChildProcess::killAll), "child-jvm-killer"));
    }

    private final Process process;
    private volatile ProcessHandle jvm;

    ChildProcess(Process process) {
        this.process = process;
        this.jvm = process.toHandle();
        STARTED.add(process.pid());
        ALIVE.add(this);
        process.onExit().thenRun(() -> ALIVE.remove(this));
    }

    /** The numbers of all children that this JVM has started, in that order. */
    static List<Long> started() {
        return List.copyOf(STARTED);
    }

    /** Looks for the JVM that a wrapper becomes or starts. */
    boolean findJvm(Path java, Duration timeout) {
        return Await.holds(timeout, () -> {
            Optional<ProcessHandle> found = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                    .filter(handle -> ProcFs.executable(handle.pid()).filter(java::equals).isPresent())
                    .findFirst();
            found.ifPresent(handle -> jvm = handle);
            return found.isPresent() || !process.isAlive();
        }) && ProcFs.executable(pid()).filter(java::equals).isPresent();
    }

    Process process() {
        return process;
    }

    long pid() {
        return jvm.pid();
    }

    boolean isAlive() {
        return process.isAlive() && state() != 'Z';
    }

    boolean isStopped() {
        return state() == 'T';
    }

    private char state() {
        return ProcFs.stat(pid()).map(ProcFs.Stat::state).orElse('Z');
    }

    String stateName() {
        if (isAlive()) {
            return isStopped() ? "stopped" : "running";
        }
        return process.isAlive() ? "dead, but not reaped" : "exited with " + process.exitValue();
    }

    /** True once all threads are gone and the kernel has taken back what they held. */
    boolean awaitDeath(Duration timeout) throws InterruptedException {
        long start = System.nanoTime();
        boolean dead = process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
        // Below a wrapper it is somebody else's child, and a zombie until that one looks after it.
        Duration left = timeout.minusNanos(System.nanoTime() - start);
        return dead && Await.holds(left, () -> !jvm.isAlive() || state() == 'Z');
    }

    // All by handles: Process.destroy closes the streams too, which loses the last output, and whose closed input a
    // child takes for the end of its parent.

    void kill() {
        jvm.destroyForcibly();
    }

    void terminate() {
        jvm.destroy();
    }

    /** Kills the wrapper, the JVM and what it has started. */
    void killAll() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.toHandle().destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    /**
     * Sends a signal.
     *
     * @return nothing if it was sent, otherwise what went wrong
     */
    Optional<String> signal(String name) throws InterruptedException {
        if (!isAlive()) {
            return Optional.of("it is dead");
        }
        try {
            // The shell's own kill is there even where no such program is installed.
            Process sh = new ProcessBuilder("sh", "-c", "kill -\"$1\" \"$2\"", "sh", name, Long.toString(pid()))
                    .redirectErrorStream(true).start();
            sh.getOutputStream().close();
            String said = new String(sh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return sh.waitFor() == 0 ? Optional.empty() : Optional.of(said.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells whether every thread is stopped; a dead process is not. */
    boolean allStopped() {
        List<Character> states = taskStates();
        return !states.isEmpty() && states.stream().allMatch(state -> state == 'T');
    }

    boolean noneStopped() {
        return taskStates().stream().noneMatch(state -> state == 'T');
    }

    private List<Character> taskStates() {
        return ProcFs.tasks(pid()).stream()
                .flatMap(task -> ProcFs.taskStat(pid(), task).stream())
                .map(ProcFs.Stat::state)
                .toList();
    }

    /** Tells whether SIGQUIT makes a thread dump; before the JVM is ready, and with -Xrs, it would kill. */
    boolean canDumpThreads() {
        return isAlive() && !isStopped() && ProcFs.catches(pid(), SIGQUIT);
    }
}

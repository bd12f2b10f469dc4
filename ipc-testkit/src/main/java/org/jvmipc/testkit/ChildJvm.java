package org.jvmipc.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A JVM of its own for one side of a test, with the test's class path: start it, talk to it line by line, kill it,
 * stop it, let it go on.
 *
 * <pre>{@code
 * try (ChildJvm child = ChildJvm.of(Echo.class).args("hello").start()) {
 *     child.expect("ready");
 *     child.send("go");
 *     child.stop();
 *     ...
 *     child.cont();
 *     assertEquals(0, child.awaitExit());
 * }
 * }</pre>
 *
 * <p>Whatever does not happen in time is an {@link AssertionError} that holds the child's state, its command line and
 * all of its output; a child that should go on but does not is asked for a thread dump first. Of each output stream
 * the last 2<sup>20</sup> characters are kept.
 *
 * <p>A child never outlives the JVM that started it: it ends itself when its parent has gone, and an exit of the
 * parent kills also those that are stopped. (Only a child that is stopped while its parent dies by SIGKILL stays.)
 *
 * <p>For a build that starts many children, the system property {@code ipc.testkit.archive} names a directory: the
 * first child leaves an archive of its classes there (class-data sharing), with copies of the class path's directories
 * as jars, and those after it start with that, in two thirds of the CPU time. Children on a module path, behind a
 * wrapper or with another JDK start without it. What the class path holds is looked at once for each JVM.
 *
 * <p>Safe for use by several threads. All methods that wait can be interrupted; the wait then ends with an
 * {@link AssertionError} and the thread's interrupt status is set. Signals need the command {@code sh}.
 */
public final class ChildJvm implements AutoCloseable {

    /** How long the methods without a timeout wait: long enough for a busy machine, shorter than a test may take. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration REAP = Duration.ofSeconds(10);
    private static final Duration OUTPUT_END = Duration.ofSeconds(2);
    private static final Duration DUMP = Duration.ofSeconds(1);

    private final Class<?> type;
    private final List<String> command;
    private final ChildProcess child;
    private final Process process;
    private final OutputLog out;
    private final OutputLog err;

    ChildJvm(Class<?> type, List<String> command, Process process) {
        this.type = type;
        this.command = command;
        this.child = new ChildProcess(process);
        this.process = process;
        this.out = new OutputLog(process);
        this.err = new OutputLog(process);
        out.follow(process.getInputStream(), "child-" + process.pid() + "-out");
        err.follow(process.getErrorStream(), "child-" + process.pid() + "-err");
    }

    /**
     * Begins to describe a child.
     *
     * @param type a {@link Peer}, or a class with a {@code public static void main(String[])}
     * @return the builder
     * @throws IllegalArgumentException if the class is neither, or cannot be made by its name
     */
    public static ChildJvmBuilder of(Class<?> type) {
        return new ChildJvmBuilder(type);
    }

    void findJvm(Path java) {
        if (!child.findJvm(java, PATIENCE)) {
            AssertionError error = failure("the wrapper started no " + java);
            close();
            throw error;
        }
    }

    /**
     * Writes one line to the child's standard input, in UTF-8. Blocks when the child does not read and 64 KiB are on
     * the way.
     *
     * @param line the line, without its end
     * @throws AssertionError if the child is gone
     */
    public void send(String line) {
        OutputStream in = process.getOutputStream();
        synchronized (in) {
            try {
                in.write((line + '\n').getBytes(StandardCharsets.UTF_8));
                in.flush();
            } catch (IOException e) {
                throw failure("cannot send \"" + line + "\": " + e.getMessage());
            }
        }
    }

    /**
     * Takes the next line of the standard output, waiting {@link #PATIENCE} at most.
     *
     * @return the line, without its end
     * @throws AssertionError if none comes in time, or the output has ended
     */
    public String readLine() {
        return readLine(PATIENCE);
    }

    /**
     * Takes the next line of the standard output.
     *
     * @param timeout how long to wait at most
     * @return the line, without its end
     * @throws AssertionError if none comes in time, or the output has ended
     */
    public String readLine(Duration timeout) {
        return expect("a line", timeout, line -> true);
    }

    /**
     * Takes lines of the standard output until one begins with a prefix, waiting {@link #PATIENCE} at most.
     *
     * @param prefix the beginning of the line
     * @return the whole line
     * @throws AssertionError if no such line comes in time, or the output has ended
     */
    public String expect(String prefix) {
        return expect(prefix, PATIENCE);
    }

    /**
     * Takes lines of the standard output until one begins with a prefix. Those before it are passed over.
     *
     * @param prefix the beginning of the line
     * @param timeout how long to wait at most
     * @return the whole line
     * @throws AssertionError if no such line comes in time, or the output has ended
     */
    public String expect(String prefix, Duration timeout) {
        return expect("a line that begins with \"" + prefix + '"', timeout, line -> line.startsWith(prefix));
    }

    /**
     * Takes lines of the standard output until one contains a match. Those before it are passed over.
     *
     * @param regex what to find in the line
     * @param timeout how long to wait at most
     * @return the whole line
     * @throws AssertionError if no such line comes in time, or the output has ended
     */
    public String expect(Pattern regex, Duration timeout) {
        return expect("a line with /" + regex + '/', timeout, regex.asPredicate());
    }

    private String expect(String what, Duration timeout, Predicate<String> wanted) {
        long start = System.nanoTime();
        try {
            while (true) {
                String line = out.next(timeout.toNanos() - (System.nanoTime() - start));
                if (line != null && wanted.test(line)) {
                    return line;
                }
                if (line == null) {
                    throw out.hasEnded() ? failure("expected " + what + ", but the output has ended")
                            : stuck("expected " + what + " within " + timeout);
                }
            }
        } catch (InterruptedException e) {
            throw interrupted("while " + what + " was expected");
        }
    }

    /**
     * Waits {@link #PATIENCE} at most until the child has ended and all its output is here.
     *
     * @return its exit code; 128 and the number of the signal if a signal ended it
     * @throws AssertionError if it does not end in time
     */
    public int awaitExit() {
        return awaitExit(PATIENCE);
    }

    /**
     * Waits until the child has ended and all its output is here.
     *
     * @param timeout how long to wait at most
     * @return its exit code; 128 and the number of the signal if a signal ended it
     * @throws AssertionError if it does not end in time
     */
    public int awaitExit(Duration timeout) {
        awaitDeath(timeout);
        try {
            // Bounded, because a process that the child has started may still hold the pipes.
            out.awaitEnd(OUTPUT_END.toNanos());
            err.awaitEnd(OUTPUT_END.toNanos());
        } catch (InterruptedException e) {
            throw interrupted("while the output was awaited");
        }
        return process.exitValue();
    }

    /**
     * Waits until all threads of the child are gone and the kernel has taken back what it held: descriptors, locks,
     * mappings. The output may still be on its way.
     *
     * @param timeout how long to wait at most
     * @throws AssertionError if it is not dead in time
     */
    public void awaitDeath(Duration timeout) {
        try {
            if (!child.awaitDeath(timeout)) {
                throw stuck("expected to end within " + timeout);
            }
        } catch (InterruptedException e) {
            throw interrupted("while its end was awaited");
        }
    }

    /** Sends SIGKILL, also to a stopped child. Does not wait: see {@link #awaitDeath}. */
    public void kill() {
        child.kill();
    }

    /** Sends SIGTERM, which lets shutdown hooks run; the exit code then is 143. Does not wait. */
    public void terminate() {
        child.terminate();
    }

    /**
     * Sends SIGSTOP and returns when every thread of the child is stopped.
     *
     * @throws AssertionError if the child is gone
     */
    public void stop() {
        signal("STOP");
        Await.until(REAP, () -> describe("expected to be stopped"), child::allStopped);
    }

    /**
     * Sends SIGCONT and returns when no thread of the child is stopped any more.
     *
     * @throws AssertionError if the child is gone
     */
    public void cont() {
        signal("CONT");
        Await.until(REAP, () -> describe("expected to go on"), child::noneStopped);
    }

    /**
     * Sends a signal.
     *
     * @param name its name without SIG, such as {@code USR1}, or its number
     * @throws AssertionError if the child is gone, or there is no such signal
     */
    public void signal(String name) {
        try {
            Optional<String> problem = child.signal(name);
            if (problem.isPresent()) {
                throw failure("cannot send it SIG" + name + ": " + problem.get());
            }
        } catch (InterruptedException e) {
            throw interrupted("while SIG" + name + " was sent");
        }
    }

    /**
     * Returns the number of the child's JVM, as this process sees it.
     *
     * @return the process id
     */
    public long pid() {
        return child.pid();
    }

    /**
     * Tells whether the child has not ended yet. A stopped one is alive, a zombie is not.
     *
     * @return true if it is alive
     */
    public boolean isAlive() {
        return child.isAlive();
    }

    /**
     * Returns the standard output so far, whether it was taken by {@link #readLine} or not.
     *
     * @return the text
     */
    public String output() {
        return out.text();
    }

    /**
     * Returns the standard error so far.
     *
     * @return the text
     */
    public String errors() {
        return err.text();
    }

    /**
     * Returns the CPU time that the child has used so far; see {@link CpuTime#ofProcess}.
     *
     * @return user and system time of all threads; zero when the child is gone
     */
    public Duration cpuTime() {
        return CpuTime.ofProcess(pid());
    }

    /**
     * Kills the child and what it has started itself, also if they are stopped, and waits until they are gone. Does
     * nothing to a child that has ended.
     *
     * @throws AssertionError if a process survives for ten seconds
     */
    @Override
    public void close() {
        child.killAll();
        boolean interrupted = Thread.interrupted(); // no reason to leave a process behind
        try {
            awaitExit(REAP);
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException e) {
            // closing the input flushes what the child did not read
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private AssertionError stuck(String what) {
        if (child.canDumpThreads()) {
            signal("QUIT");
            Await.holds(DUMP, () -> output().contains("JNI global refs") || !isAlive());
        }
        return failure(what);
    }

    private AssertionError interrupted(String when) {
        Thread.currentThread().interrupt();
        return failure("interrupted " + when);
    }

    private AssertionError failure(String what) {
        return new AssertionError(describe(what));
    }

    private String describe(String what) {
        return "child " + pid() + " (" + type.getName() + "): " + what
                + "\n  state: " + child.stateName()
                + "\n  command: " + String.join(" ", command)
                + "\n  stdout:\n" + output().indent(4)
                + "  stderr:\n" + errors().indent(4);
    }
}

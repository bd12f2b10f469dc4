package org.jvmipc.testkit;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The child's side of a {@link ChildJvm}: what the parent gave, and the lines that go to and fro.
 *
 * <p>Safe for use by several threads. A line that one thread says is never torn by another's.
 */
public final class PeerContext {

    static final String PARAMETER_PREFIX = "org.jvmipc.testkit.param.";

    private final List<String> args;
    private final BlockingQueue<String> fromParent;
    private final OutputStream toParent = new FileOutputStream(FileDescriptor.out);

    PeerContext(List<String> args, BlockingQueue<String> fromParent) {
        this.args = args;
        this.fromParent = fromParent;
    }

    /**
     * Returns the arguments that {@link ChildJvmBuilder#args} gave.
     *
     * @return the arguments, unmodifiable
     */
    public List<String> args() {
        return args;
    }

    /**
     * Returns one argument.
     *
     * @param index its place, from 0
     * @return the argument
     * @throws IndexOutOfBoundsException if there are not that many
     */
    public String arg(int index) {
        return args.get(index);
    }

    /**
     * Returns what {@link ChildJvmBuilder#parameter} set under this name.
     *
     * @param name the parameter's name
     * @return its value
     * @throws NoSuchElementException if the parent set no such parameter
     */
    public String parameter(String name) {
        String value = System.getProperty(PARAMETER_PREFIX + name);
        if (value == null) {
            throw new NoSuchElementException("no parameter \"" + name
                    + "\": give it with ChildJvm.of(...).parameter(name, value)");
        }
        return value;
    }

    /**
     * Returns a parameter, or something else if the parent did not set it.
     *
     * @param name the parameter's name
     * @param otherwise what to return without it
     * @return the value
     */
    public String parameter(String name, String otherwise) {
        return System.getProperty(PARAMETER_PREFIX + name, otherwise);
    }

    /**
     * Writes one line to the standard output, in UTF-8, and does not return before it has left the process.
     * Blocks while the pipe to the parent is full, which happens only when the parent itself is stopped.
     *
     * @param line the line, without its end
     * @throws UncheckedIOException if the parent is gone
     */
    public void say(String line) {
        byte[] bytes = (line + '\n').getBytes(StandardCharsets.UTF_8);
        synchronized (toParent) {
            try {
                toParent.write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException("the parent does not listen any more", e);
            }
        }
    }

    /**
     * Waits for the next line from the parent's {@link ChildJvm#send}. There is no end of input to look for: when the
     * parent has gone, the child ends.
     *
     * @return the line, without its end
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public String hear() throws InterruptedException {
        return fromParent.take();
    }

    /**
     * Waits for the next line from the parent, for a while.
     *
     * @param timeout how long at most; zero looks once
     * @return the line, or {@code null} if none came in time
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public String hear(Duration timeout) throws InterruptedException {
        return fromParent.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }
}

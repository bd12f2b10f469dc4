package org.jvmipc.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jvmipc.process.internal.GroupFile;
import org.jvmipc.process.internal.Supervisor;

/**
 * JVMs that belong together: they are started with channels between them, started again as their policies say, and
 * ended together.
 *
 * <p><b>Channels.</b> The group makes them before any process starts, and holds them until all have ended. What a
 * process has sent stays when it dies, and a process that is started again goes on with what nobody has taken. A
 * process finds its ends in its {@link ProcessContext}.
 *
 * <p><b>Ends.</b> When all who send to a channel have ended for good, its receivers get what is left, and then the end
 * of the channel, up to 0.2 s later. When all who receive from a channel have ended for good, its senders are told to
 * end (TERM) after the time of grace, as in a pipeline of the shell. A process has ended for good when its policy does
 * not start it again. If that is after a failure, the group has failed, and all others are ended.
 *
 * <p><b>When this process ends</b>, so do the others: by a shutdown hook; if it is killed, they notice within 0.2 s
 * and end as by {@link System#exit}, or three seconds later by force. (Only one that is stopped then stays until it
 * goes on.)
 *
 * <p><b>Output.</b> What the processes print goes to two streams of this process, each line with the name of its
 * process in front, {@code [upper] ...}, and never mixed with another. Longer lines than 8 KiB go on in a line that
 * begins with {@code [upper]+}. A process counts as ended when all that it has printed is there, but no later than 5 s
 * after its end: its own children may have its streams, too.
 *
 * <p><b>Threads.</b> All methods may be called by any thread. A group has a thread of its own, which calls its
 * listeners, and two for the output of each process; all are daemons. The process that starts a group must not end
 * before it: {@link #await()}.
 */
public final class ProcessGroup implements AutoCloseable {
    private final Supervisor supervisor;

    ProcessGroup(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    /**
     * Begins to describe a group.
     *
     * @return the builder
     */
    public static ProcessGroupBuilder builder() {
        return new ProcessGroupBuilder();
    }

    /**
     * Reads the description of a group from a file:
     *
     * <pre>
     * # Comments begin with a number sign; values with blanks stand in "quotation marks".
     * jvm -XX:+UseSerialGC
     * process source class=com.example.Source args="10 20"
     * process worker class=com.example.Worker count=3 restart=on-failure backoff=100ms..5s at-most=5/1m
     * process sink   jar=lib/sink.jar
     * join source -&gt; worker by shm:?capacity=1m
     * join worker -&gt; sink as results
     * </pre>
     *
     * <p>{@code docs/patterns.md} has all of it. Paths are relative to the directory of the file.
     *
     * @param file the file
     * @return a builder that can be added to
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if something in it is wrong; the message has the line, the value and what is
     *     allowed
     */
    public static ProcessGroupBuilder read(Path file) throws IOException {
        return GroupFile.read(file);
    }

    /**
     * Waits until the group has ended: all processes have ended for good, or the group has failed, or was closed.
     *
     * @return how each process ended, and whether the group failed
     * @throws InterruptedException if the thread is interrupted; the group goes on
     */
    public GroupEnd await() throws InterruptedException {
        return await(Duration.ofSeconds(Long.MAX_VALUE)).orElseThrow();
    }

    /**
     * Waits for a limited time until the group has ended.
     *
     * @param timeout how long at most
     * @return as {@link #await()}; empty if the time has passed
     * @throws InterruptedException if the thread is interrupted; the group goes on
     */
    public Optional<GroupEnd> await(Duration timeout) throws InterruptedException {
        try {
            long millis = timeout.getSeconds() < Integer.MAX_VALUE ? timeout.toMillis() : Long.MAX_VALUE;
            return Optional.of(supervisor.end().get(millis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Tells when the group has ended.
     *
     * @return completes once; dependent stages run on the group's thread and must not block, unless they are of the
     *     {@code …Async} kind
     */
    public CompletableFuture<GroupEnd> onEnd() {
        return supervisor.end().copy();
    }

    /**
     * What the processes do now.
     *
     * @return one for each process, in the order of declaration
     */
    public List<ProcessStatus> status() {
        return supervisor.status();
    }

    /**
     * What a process does now.
     *
     * @param process its name
     * @return its status
     * @throws IllegalArgumentException if there is none of this name
     */
    public ProcessStatus status(String process) {
        return status().stream().filter(each -> each.name().equals(process)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no process \"" + process
                        + "\" in the group; there are " + status().stream().map(ProcessStatus::name).toList()));
    }

    /**
     * Ends the group from its beginning: the processes that receive from nobody are told to end (TERM), the others work
     * off what is left and get the ends of their channels. What has not ended in time is ended as by {@link #close}.
     *
     * @param timeout how long to wait
     * @return how the group has ended
     * @throws InterruptedException if the thread is interrupted; the group goes on ending
     */
    public GroupEnd drain(Duration timeout) throws InterruptedException {
        supervisor.drain();
        Optional<GroupEnd> end = await(timeout);
        close();
        return end.isPresent() ? end.get() : await();
    }

    /**
     * Ends all processes: TERM, the time of grace, KILL. Waits until they are gone and their output is copied, and
     * removes the channels with what is in them. Does nothing if the group has ended. An interrupt does not end the
     * wait. Called by a listener, it only begins.
     */
    @Override
    public void close() {
        supervisor.close();
    }
}

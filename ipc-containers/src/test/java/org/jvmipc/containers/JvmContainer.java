package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jvmipc.testkit.Await;
import org.testcontainers.containers.GenericContainer;

/**
 * A container whose first process is a JVM that runs a {@link org.jvmipc.testkit.Peer}. It ends when the JVM of the
 * test does, however that comes, as its input ends then.
 */
final class JvmContainer implements AutoCloseable {

    private final DockerClient client = Engine.client();
    private final GenericContainer<?> container;
    private final String name;
    private final Lines lines;

    /**
     * Takes over a container that was started.
     *
     * @param container it
     * @param name of the peer, for messages
     */
    JvmContainer(GenericContainer<?> container, String name) {
        this.container = container;
        this.name = name;
        this.lines = new Lines(name);
        client.attachContainerCmd(id()).withStdIn(lines.input()).withStdOut(true).withStdErr(true)
                .withFollowStream(true).withLogs(true).exec(lines);
    }

    String id() {
        return container.getContainerId();
    }

    void send(String line) {
        lines.send(line);
    }

    String expect(String prefix) {
        return expect(prefix, Lines.PATIENCE);
    }

    String expect(String prefix, Duration timeout) {
        return lines.expect(prefix, timeout, () -> state().toString());
    }

    /** One line there, and the next one back. */
    String ask(String line) {
        send(line);
        return expect("");
    }

    /** All that it has written. */
    String output() {
        return lines.text();
    }

    /** All that it has written, once it has ended; fails if it ends with another code than 0. */
    String outputOfSuccess() {
        assertEquals(0, awaitExit(), this::output);
        return lines.whole();
    }

    /** Another JVM in the same container, a process beside the first one. */
    ExecJvm exec(ContainerSpec.Program program) {
        return new ExecJvm(client, id(), program);
    }

    ContainerState state() {
        return client.inspectContainerCmd(id()).exec().getState();
    }

    /** Sends SIGKILL from outside of its PID namespace, and waits until it has ended. */
    void kill() {
        client.killContainerCmd(id()).withSignal("KILL").exec();
        awaitExit();
    }

    void signal(String signal) {
        client.killContainerCmd(id()).withSignal(signal).exec();
    }

    /** Stands still by the freezer of its control group, or goes on. */
    void pause(boolean paused) {
        if (paused) {
            client.pauseContainerCmd(id()).exec();
        } else {
            client.unpauseContainerCmd(id()).exec();
        }
        Await.until(Lines.PATIENCE, name + " to be paused: " + paused,
                () -> Boolean.valueOf(paused).equals(state().getPaused()));
    }

    /** Asks it to end, as {@code docker stop} does, and waits; returns its exit code. */
    int stop() {
        client.stopContainerCmd(id()).withTimeout((int) Lines.PATIENCE.toSeconds()).exec();
        return awaitExit();
    }

    /** Waits until it has ended; returns its exit code. */
    int awaitExit() {
        return client.waitContainerCmd(id()).start()
                .awaitStatusCode(Lines.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        lines.input().close();
        container.stop();
    }
}

package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectExecResponse;
import org.jvmipc.testkit.Await;

/** A JVM that was started in a running container, beside its first process. */
final class ExecJvm implements AutoCloseable {

    private final DockerClient client;
    private final String id;
    private final Lines lines;

    /**
     * Starts it.
     *
     * @param client of the engine
     * @param container where
     * @param program what it runs
     */
    ExecJvm(DockerClient client, String container, ContainerSpec.Program program) {
        this.client = client;
        this.lines = new Lines(program.name());
        this.id = client.execCreateCmd(container).withCmd(program.command().toArray(String[]::new))
                .withAttachStdin(true).withAttachStdout(true).withAttachStderr(true).exec().getId();
        client.execStartCmd(id).withStdIn(lines.input()).exec(lines);
    }

    void send(String line) {
        lines.send(line);
    }

    String expect(String prefix) {
        return lines.expect(prefix, Lines.PATIENCE, () -> "exit code " + inspect().getExitCodeLong());
    }

    /** All that it has written, once it has ended; fails if it ends with another code than 0. */
    String outputOfSuccess() {
        String output = lines.whole();
        assertEquals(0, awaitExit(), output);
        return output;
    }

    /** One line there, and the next one back. */
    String ask(String line) {
        send(line);
        return expect("");
    }

    /** Waits until it has ended; returns its exit code. */
    long awaitExit() {
        Await.until(Lines.PATIENCE, "the end of " + id, () -> !inspect().isRunning());
        return inspect().getExitCodeLong();
    }

    private InspectExecResponse inspect() {
        return client.inspectExecCmd(id).exec();
    }

    @Override
    public void close() {
        lines.input().close();
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What is done at once is what the command would do. */
@IpcDir
class StartTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int list(String... args) {
        return Start.list(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void theShortWayListsTheSame(IpcScope scope) {
        String address = "shm:" + scope.name("ring");
        try (Sender sender = Ipc.sender(address)) {
            assertEquals(0, list("ls", "--json", scope.dir().toString()));
            assertTrue(sender.isOpen());
            String own = out.toString().lines().filter(line -> line.contains(address)).findFirst().orElseThrow();
            String full = Run.of("ls", scope.dir(), "--json").out().lines().filter(line -> line.contains(address))
                    .findFirst().orElseThrow();
            assertEquals(Json.object(full).get("peers"), Json.object(own).get("peers"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"info x", "ls --help", "ls -x", "--version", "ls @file", "ls -aj"})
    void allElseIsUpToTheCommand(String line) {
        assertEquals(-1, list(line.split(" ")));
        assertEquals("", out.toString() + err);
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.process.ProcessContext;

class GroupCommandTest {
    @TempDir
    Path dir;

    private final StringWriter err = new StringWriter();

    /** Fails if it has an argument. */
    static final class Worker {
        private Worker() {
        }

        public static void main(String[] args) {
            System.exit(args.length + ProcessContext.current().start() - 1);
        }
    }

    private int run(String description) throws IOException {
        Path file = Files.writeString(dir.resolve("test.group"), description);
        return Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), "group", file.toString());
    }

    @Test
    void shouldTellHowAGroupEnds() throws IOException {
        assertEquals(1, run("""
                jvm -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto
                process good class=%1$s
                process bad class=%1$s args=x
                """.formatted(Worker.class.getName())));
        assertTrue(err.toString().contains("ipc group: group failed: process bad exited with 1, and is not to be "
                + "started again"), err.toString());
        assertTrue(err.toString().contains("ipc group: good (pid "), err.toString());
    }

    @Test
    void shouldRefuseWhatIsNoDescription() throws IOException {
        assertEquals(2, run("process good\n"));
        assertTrue(err.toString().startsWith(
                "ipc group: test.group:1: a process needs either class=MAIN or jar=FILE\n"), err.toString());
        assertEquals(2, Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), "group", "/none"));
        assertTrue(err.toString().contains("there is no file /none"), err.toString());
    }
}

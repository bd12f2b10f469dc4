package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs that know nothing of this project. */
final class Tools {
    private static final long PATIENCE_SECONDS = 20;

    private Tools() {
    }

    /** Skips the test, visibly, if a program is not installed. */
    static void require(String program) {
        boolean found = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        Assumptions.assumeTrue(found, program + " is not installed");
    }

    /** A Python that has a module; skips the test, visibly, if there is none. */
    static String python(String module) throws Exception {
        // The one of the system is not always the first, but has what the system's packages bring.
        for (String python : List.of("python3", "/usr/bin/python3")) {
            try {
                Process probe = new ProcessBuilder(python, "-c", "import " + module)
                        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
                if (probe.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && probe.exitValue() == 0) {
                    return python;
                }
            } catch (IOException missing) {
                continue;
            }
        }
        Assumptions.abort("there is no Python with " + module);
        return null;
    }

    /** Runs a command and returns what it wrote. */
    static String output(String... command) throws Exception {
        return output(start(command));
    }

    static Process start(String... command) throws IOException {
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Waits for a command to end well and returns what it wrote. */
    static String output(Process process) throws Exception {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), text);
        return text;
    }
}

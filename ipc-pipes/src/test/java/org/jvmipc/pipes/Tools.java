package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs that know nothing of this project. */
final class Tools {
    static final String AS_NOBODY = "setpriv --reuid 65534 --regid 65534 --clear-groups ";

    private Tools() {
    }

    /** Skips the test, visibly, if a program is not installed. */
    static void require(String program) {
        boolean found = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        Assumptions.assumeTrue(found, program + " is not installed");
    }

    /** Starts a command and gives it its whole standard input, in Latin 1. */
    static Process start(String command, String input) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", "exec " + command)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        // On a thread of its own: the test may have to read before all of it fits into pipes and sockets.
        Thread feeding = new Thread(() -> {
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException brokenPipe) {
                // It may end without reading all.
            }
        }, "feeding");
        feeding.setDaemon(true);
        feeding.start();
        return process;
    }

    /** Waits for a command to end well and returns what it wrote. */
    static String output(Process process) throws Exception {
        byte[] bytes = process.getInputStream().readAllBytes();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static String readAll(ReadableByteChannel source) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        for (int n = source.read(buffer); n >= 0; n = source.read(buffer.clear())) {
            all.write(buffer.array(), 0, n);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }
}

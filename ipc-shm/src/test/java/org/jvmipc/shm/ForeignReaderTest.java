package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Programs in other languages read what this one writes, by what the document says. */
@IpcDir
class ForeignReaderTest {
    @IpcDir
    private IpcScope scope;

    @Test
    void shouldBeReadByPython() throws Exception {
        Assumptions.assumeTrue(exists("python3"), "python3 is not installed: its reader is not tested");
        check(List.of("python3", resource("reader.py").toString()));
    }

    @Test
    void shouldBeReadByC() throws Exception {
        Assumptions.assumeTrue(exists("gcc"), "gcc is not installed: the reader in C is not tested");
        Path program = scope.path("reader");
        assertEquals(List.of(), run(List.of("gcc", "-O2", "-std=c11", "-Wall", "-Werror", "-o", program.toString(),
                resource("reader.c").toString())));
        check(List.of(program.toString()));
        Files.delete(program);
    }

    /** Lets it take what fills the ring, several times around. */
    private void check(List<String> reader) throws Exception {
        Address address = Address.parse(scope.address("shm", "foreign")).with("capacity", "4k");
        List<String> command = new ArrayList<>(reader);
        command.add("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + address.name());
        try (Sender sender = Ipc.sender(address)) {
            int number = 0;
            for (int round = 0; round < 5; round++) {
                List<String> sent = new ArrayList<>();
                while (true) {
                    byte[] message = new byte[number * 13 % 401];
                    Arrays.fill(message, (byte) number);
                    if (sender.trySend(ByteBuffer.wrap(message)) != SendResult.SENT) {
                        break;
                    }
                    sent.add(message.length == 0 ? "empty" : HexFormat.of().formatHex(message));
                    number++;
                }
                assertEquals(sent, run(command));
                assertEquals(0, sender.status().depthBytes());
            }
        }
        deleteResources();
    }

    private Path resource(String name) throws IOException {
        Path file = scope.path(name);
        try (InputStream source = ForeignReaderTest.class.getResourceAsStream(name)) {
            Files.copy(source, file);
        }
        return file;
    }

    private void deleteResources() throws IOException {
        Files.deleteIfExists(scope.path("reader.py"));
        Files.deleteIfExists(scope.path("reader.c"));
    }

    private static boolean exists(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    private static List<String> run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> lines = process.inputReader().lines().toList();
        assertEquals(true, process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), String.join("\n", lines));
        return lines;
    }
}

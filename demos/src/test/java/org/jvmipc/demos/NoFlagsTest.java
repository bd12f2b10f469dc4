package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/**
 * No scheme needs a JVM flag, and none makes the JVM warn: but for the one about native access on JDK 24 and later,
 * where a native call is made. Each runs in a JVM without any flag.
 */
class NoFlagsTest {
    private static final boolean WARNS_OF_NATIVE_ACCESS = Runtime.version().feature() >= 24;

    @TempDir
    Path dir;

    /** What the JVM without flags runs. */
    static final class OneMessage {
        private OneMessage() {
        }

        public static void main(String[] args) throws InterruptedException {
            try (Receiver receiver = Ipc.receiver(args[0]);
                    Sender sender = Ipc.sender(receiver.address())) {
                sender.send(ByteBuffer.wrap("one".getBytes(StandardCharsets.UTF_8)), Duration.ofSeconds(20));
                System.out.println(receiver.receive(Duration.ofSeconds(20)).text());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mem:quiet, false",
        "unix:DIR/quiet, false",
        "unix:DIR/quiet?type=seqpacket, true",
        "unix:DIR/quiet?type=dgram, true",
        "fifo:DIR/quiet, true",
        "pipe:, true",
        "posixmq:quiet-PID, true",
        "sysvmq:0x4a4a0001, true",
        "shm:quiet-PID?wait=spin, false",
        "shm:quiet-PID, true"})
    void shouldNeedNoFlagAndMakeNoWarning(String address, boolean callsNativeCode) throws Exception {
        String name = address.replace("DIR", dir.toString()).replace("PID", "" + ProcessHandle.current().pid());
        Path errors = dir.resolve("errors");
        Process java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                OneMessage.class.getName(), name)
                .redirectError(errors.toFile())
                .start();
        try {
            String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(java.waitFor(30, TimeUnit.SECONDS), "the JVM has not ended");
            assertEquals("one\n", output, () -> read(errors));
            assertEquals(0, java.exitValue());
        } finally {
            java.destroyForcibly();
        }
        List<String> lines = read(errors).lines().filter(line -> !line.isBlank()).toList();
        if (callsNativeCode && WARNS_OF_NATIVE_ACCESS) {
            assertTrue(lines.stream().anyMatch(line -> line.contains("--enable-native-access")), () -> "" + lines);
            assertEquals(4, lines.stream().filter(line -> line.startsWith("WARNING:")).count(), () -> "" + lines);
            assertEquals(4, lines.size(), () -> "" + lines);
        } else {
            assertEquals(List.of(), lines);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What the script {@code ipc} does with signals, in a checkout that looks built to it. */
@Timeout(60)
class LauncherTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** RTMIN+1 and RTMIN+20, as the kernel counts them: from bit 0 for signal 1. */
    private static final long BLOCKED = 1L << 34 | 1L << 53;

    private static Path checkout(IpcScope scope) throws Exception {
        Path root = Files.createDirectories(scope.path("checkout"));
        scope.mayLeave(root);
        Files.createFile(root.resolve("pom.xml"));
        for (String module : List.of("ipc-core", "demos")) {
            Files.createDirectories(root.resolve(module).resolve("src/main"));
            Files.createFile(root.resolve(module).resolve("pom.xml"));
        }
        Path demos = root.resolve("demos");
        Files.createSymbolicLink(Files.createDirectory(demos.resolve("target")).resolve("classes"),
                ROOT.resolve("demos/target/classes"));
        Files.copy(ROOT.resolve("ipc"), root.resolve("ipc"));
        Files.writeString(demos.resolve("target/ipc.classpath"),
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        return root;
    }

    @Test
    void shouldBlockSignalsAndBindTheCommandToWhoeverStartedIt(@IpcDir IpcScope scope) throws Exception {
        Path socket = scope.path("chat");
        scope.mayLeave(socket);
        ProcessBuilder builder = new ProcessBuilder("bash", "-c",
                "exec 3<&0; sh ./ipc run chat \"$0\" <&3 & echo $!; wait", socket.toString());
        builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home"),
                "IPC_BLOCK_SIGNALS", "RTMIN+1,RTMIN+20", "IPC_PDEATHSIG", "TERM",
                "IPC_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=" + scope.dir()));
        Process starter = builder.directory(checkout(scope).toFile()).redirectErrorStream(true).start();
        try (BufferedReader lines = starter.inputReader()) {
            long pid = Long.parseLong(lines.readLine());
            String line = lines.readLine();
            assertTrue(line != null && line.startsWith("waiting for the other side"), line);
            // Under the number that the shell has started.
            List<String> status = Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"));
            assertTrue(status.contains("Name:\tjava"), status.toString());
            long blocked = status.stream().filter(entry -> entry.startsWith("SigBlk:"))
                    .mapToLong(entry -> Long.parseUnsignedLong(entry.substring(entry.indexOf('\t') + 1), 16))
                    .findFirst().orElseThrow();
            assertEquals(BLOCKED, blocked & BLOCKED, () -> Long.toHexString(blocked));
            ProcessHandle command = ProcessHandle.of(pid).orElseThrow();
            try {
                starter.destroyForcibly().waitFor();
                Await.until(PATIENCE, "the end of the command", () -> !command.isAlive());
            } finally {
                command.destroyForcibly();
            }
        } finally {
            starter.descendants().forEach(ProcessHandle::destroyForcibly);
            starter.destroyForcibly();
        }
    }
}

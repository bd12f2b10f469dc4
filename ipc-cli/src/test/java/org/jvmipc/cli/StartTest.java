package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.shm.sync.SharedLock;
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

    /** What costs more than all else: native code, the parser of options, lambda expressions, regular expressions. */
    @Test
    void theShortWayLoadsNothingThatTakesTime(IpcScope scope) throws Exception {
        Path log = scope.path("classes");
        scope.mayLeave(log);
        Path fifo = scope.path("fifo");
        Path queue = Files.createDirectory(scope.path("queue"));
        scope.mayLeave(queue);
        Files.createFile(queue.resolve("metadata.cq4t"));
        try (Sender ring = Ipc.sender("shm:" + scope.name("ring"));
                SharedLock lock = SharedLock.named(scope.name("lock"));
                Receiver receiver = Ipc.receiver("fifo:" + fifo);
                Listener listener = Ipc.listen("unix:" + scope.path("socket"))) {
            lock.lock();
            String listed = listed(log, scope.dir());
            for (String name : List.of("shm:" + scope.name("ring"), scope.name("lock"), "fifo:" + fifo,
                    "unix:" + scope.path("socket"), "queue:" + queue)) {
                assertTrue(listed.contains(name), listed);
            }
            lock.unlock();
            assertTrue(ring.isOpen() && receiver.isOpen() && listener.isOpen());
        }
        List<String> loaded = Files.readAllLines(log);
        assertTrue(loaded.stream().anyMatch(line -> line.contains("org.jvmipc.shm.RingLook")), loaded::toString);
        assertEquals(List.of(), loaded.stream().filter(line -> line.matches(
                ".*( jnr\\.|kenai|picocli|regex\\.Pattern|org\\.jvmipc\\S*Lambda).*")).toList());
    }

    /** What a JVM of its own prints, which logs the classes that it loads. */
    private static String listed(Path log, Path directory) throws Exception {
        Path out = log.resolveSibling("listed");
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xlog:class+load:file=" + log,
                Start.class.getName(), "ls", directory.toString()).redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().put("CLASSPATH", Stream.of("java.class.path", "jdk.module.path")
                .map(name -> System.getProperty(name, "")).filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator)));
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "ls hangs");
            String listed = Files.readString(out);
            assertEquals(0, process.exitValue(), listed);
            return listed;
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(out);
        }
    }

    @Test
    void aDirectoryThatIsNoneIsSaidToBe(IpcScope scope) throws Exception {
        Path file = Files.createFile(scope.path("file"));
        scope.mayLeave(file);
        assertEquals(2, list("ls", "--json", file.toString()));
        assertTrue(err.toString().startsWith("ipc: " + file + " is no directory; ipc info"), err::toString);
        assertEquals(3, list("ls", "--json", scope.dir().toString(), scope.path("none").toString()));
        assertTrue(err.toString().endsWith("/none does not exist\n"), err::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"info x", "ls --help", "ls -x", "--version", "ls @file", "ls -aj"})
    void allElseIsUpToTheCommand(String line) {
        assertEquals(-1, list(line.split(" ")));
        assertEquals("", out.toString() + err);
    }
}

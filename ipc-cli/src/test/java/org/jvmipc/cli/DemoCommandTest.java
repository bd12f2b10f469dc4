package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.cli.demo.Variant;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.ChildJvmBuilder;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Runs the command as users do, in a process of its own. */
class DemoCommandTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @IpcDir
    private IpcScope scope;

    private ChildJvmBuilder demo(String... args) {
        return DemoChild.of(scope, args);
    }

    private static List<Map<String, Object>> rows(ChildJvm child) {
        return child.output().lines().map(Json::object).toList();
    }

    @Test
    void theTableStandsAloneOnTheStandardOutput() {
        try (ChildJvm child = demo("unix", "--messages", "100").start()) {
            assertEquals(0, child.awaitExit(), child::errors);
            List<String> lines = child.output().lines().toList();
            assertTrue(lines.get(0).matches(
                    "scheme +framing +messages +MB +messages/s +MB/s +median us +p99 us +verified"), child::output);
            long rows = Variant.present().stream().filter(variant -> variant.scheme().equals("unix")).count();
            assertEquals(rows, lines.stream().filter(line -> line.matches("unix .* 100 .* yes")).count(),
                    child::output);
            assertEquals(rows + 1, lines.size(), child::output);
            assertEquals(rows, child.errors().lines().filter(line -> line.endsWith("100 messages, verified")).count(),
                    child::errors);
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSignalEndsItAndLeavesNothing(String signal, int exit) throws IOException {
        try (ChildJvm child = demo("unix", "--duration", "60s", "--json").start()) {
            List<ProcessHandle> processes = awaitProcesses(child);
            child.signal(signal);
            assertEquals(exit, child.awaitExit(SOON), child::errors);
            assertEquals("", child.output());
            awaitGone(processes);
            awaitEmptyDirectory();
        }
    }

    @Test
    void theDeathOfTheCommandLeavesNothing() throws IOException {
        try (ChildJvm child = demo("unix", "--duration", "60s").start()) {
            List<ProcessHandle> processes = awaitProcesses(child);
            child.kill();
            child.awaitDeath(SOON);
            awaitGone(processes);
            awaitEmptyDirectory();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Producer", "Consumer"})
    void theDeathOfAProcessFailsItsRowOnly(String which) {
        try (ChildJvm child = demo("fifo", "--duration", "1s", "--json").start()) {
            List<ProcessHandle> processes = awaitProcesses(child);
            processes.stream().filter(process -> commandLine(process).contains("." + which + "\0"))
                    .forEach(ProcessHandle::destroyForcibly);
            assertEquals(1, child.awaitExit(Duration.ofSeconds(50)), child::errors);
            List<Map<String, Object>> rows = rows(child);
            assertEquals(Boolean.FALSE, rows.get(0).get("verified"), child::output);
            assertFalse(((List<?>) rows.get(0).get("problems")).isEmpty());
            assertTrue(rows.stream().skip(1).allMatch(row -> row.get("verified").equals(true)), child::output);
        }
    }

    /** Waits until producer and consumer are running, and have a file to leave behind. */
    private List<ProcessHandle> awaitProcesses(ChildJvm child) {
        ProcessHandle command = ProcessHandle.of(child.pid()).orElseThrow();
        Await.until(Duration.ofSeconds(20), "producer and consumer", () -> command.descendants().count() == 2
                && command.descendants().anyMatch(process -> commandLine(process).contains(".Consumer\0"))
                && files().anyMatch(path -> path.getFileName().toString().startsWith("row0-")));
        return command.descendants().toList();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    private static void awaitGone(List<ProcessHandle> processes) {
        Await.until(SOON, () -> "the end of " + processes.stream().filter(ProcessHandle::isAlive).toList(),
                () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    private void awaitEmptyDirectory() throws IOException {
        Await.until(SOON, () -> "the end of " + files().toList(), () -> files().findAny().isEmpty());
    }

    private Stream<Path> files() {
        try (Stream<Path> tree = Files.walk(scope.dir())) {
            return Arrays.stream(tree.filter(path -> !path.equals(scope.dir())).toArray(Path[]::new));
        } catch (IOException | java.io.UncheckedIOException changing) {
            return Stream.of(scope.dir());
        }
    }
}

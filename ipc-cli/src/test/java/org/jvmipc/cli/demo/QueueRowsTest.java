package org.jvmipc.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.Ipc;
import org.jvmipc.cli.Main;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Queues of the kernel, which are in no directory, do not stay when a run is broken off. */
@IpcDir
class QueueRowsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @ParameterizedTest
    @CsvSource({"posixmq, TERM", "sysvmq, TERM", "posixmq, KILL", "sysvmq, KILL"})
    void nothingIsLeftOfARunThatIsBrokenOff(String scheme, String signal, IpcScope scope) throws Exception {
        try (ChildJvm child = ChildJvm.of(Main.class).jvmArgs("-Djava.io.tmpdir=" + scope.dir())
                .args("demo", scheme, "--duration", "60s", "--json").start()) {
            Workspace workspace = Workspace.at(Await.value(SOON, "the run's directory", () -> directory(scope)));
            Variant variant = Variant.present().stream().filter(each -> each.scheme().equals(scheme)).findFirst()
                    .orElseThrow();
            String address = variant.address(workspace, "row0-there", 256);
            Await.until(SOON, "the queue", () -> exists(address));
            child.signal(signal);
            if (signal.equals("TERM")) {
                assertEquals(143, child.awaitExit(SOON), child::errors);
            }
            // A consumer that was being started when the run ended removes it itself, when it sees that it is alone.
            Await.until(SOON, "the queue to be gone", () -> !exists(address));
            Await.until(SOON, "the directory to be gone", () -> directory(scope) == null);
            assertFalse(exists(variant.address(workspace, "row0-one", 256)));
        }
    }

    private static Path directory(IpcScope scope) {
        try (Stream<Path> entries = Files.list(scope.dir())) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("ipc-demo-")).findAny()
                    .orElse(null);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean exists(String address) {
        try {
            Ipc.receiver(address + "?open=attach").close();
            return true;
        } catch (ChannelNotFoundException gone) {
            return false;
        }
    }
}

package org.jvmipc.signals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.testkit.Await;

/**
 * Starts the threads that all channels of a JVM share, with the descriptors that they keep, before a test counts
 * descriptors.
 */
final class SharedThreads implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Path directory = Files.createTempDirectory("jvmipc-test-");
        for (String options : new String[] {"", "?type=seqpacket"}) {
            try (Receiver receiver = Ipc.receiver("unix:" + directory.resolve("s") + options)) {
                receiver.receiveAsync();
                receiver.awaitPeer(Duration.ZERO);
            }
            // Whoever is at the port when it is closed closes it, which may be a moment later.
            Await.until(Duration.ofSeconds(10), "the socket to be gone", () -> !Files.exists(directory.resolve("s")));
        }
        Files.delete(directory);
        Await.until(Duration.ofSeconds(10), "ipc-select to hand its work over", () -> Thread.getAllStackTraces()
                .keySet().stream().noneMatch(thread -> thread.getName().equals("ipc-select")));
    }
}

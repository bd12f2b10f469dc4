package org.jvmipc.mq;

import java.time.Duration;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.testkit.IpcScope;

/**
 * Starts the threads that all channels of a JVM share, with the descriptors that they keep, before a test counts
 * descriptors.
 */
final class SharedThreads implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        try (IpcScope scope = IpcScope.open()) {
            scope.relax(org.jvmipc.testkit.DebrisKind.DESCRIPTOR, "what the threads keep is what this is for");
            for (String address : new String[] {"posixmq:" + scope.name("q"), "sysvmq:" + scope.key("q")}) {
                try (Receiver receiver = Ipc.receiver(address)) {
                    receiver.receiveAsync();
                    receiver.receive(Duration.ZERO);
                } catch (IllegalStateException beingRead) {
                    // By the asynchronous receive, which is what it was opened for.
                    continue;
                }
            }
        }
    }
}

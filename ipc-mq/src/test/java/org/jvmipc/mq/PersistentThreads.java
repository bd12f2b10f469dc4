package org.jvmipc.mq;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.IpcScope;

/** Starts what all persistent queues of a JVM share before a test counts threads and descriptors. */
final class PersistentThreads implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        try (IpcScope scope = IpcScope.open()) {
            scope.relax(org.jvmipc.testkit.DebrisKind.DESCRIPTOR, "what the threads keep is what this is for");
            scope.relax(org.jvmipc.testkit.DebrisKind.THREAD, "these threads are what this is for");
            String address = "queue:" + scope.path("q");
            try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
                sender.send(ByteBuffer.allocate(1));
                receiver.receive(Duration.ZERO);
                receiver.receiveAsync();
            }
            Subjects.remove(scope.path("q"));
        }
    }
}

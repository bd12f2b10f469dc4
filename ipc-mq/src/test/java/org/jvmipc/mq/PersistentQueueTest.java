package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What persistent queues do beyond the contract. */
final class PersistentQueueTest {
    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void first(@IpcDir IpcScope scope) throws Exception {
        String address = scope.address("queue", "q");
        try (Sender sender = Ipc.sender(address)) {
            sender.send(bytes("hello"));
            sender.send(bytes("world"));
        }
        try (Receiver receiver = Ipc.receiver(address)) {
            Received received = receiver.receive(Duration.ofSeconds(2));
            assertEquals("hello", received.message().text());
            assertEquals("world", receiver.receive(Duration.ofSeconds(2)).message().text());
        }
    }
}

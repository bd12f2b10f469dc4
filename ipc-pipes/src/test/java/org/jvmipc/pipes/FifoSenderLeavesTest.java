package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

class FifoSenderLeavesTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final int MESSAGES = 3;

    @IpcDir
    private IpcScope scope;

    /** Receives in a fresh JVM, whose first calls are slow: there is time for the sender to send all and leave. */
    static final class Reader implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            int count = 0;
            try (Receiver receiver = Ipc.receiver(context.arg(0))) {
                Received received = receiver.receive(SOON);
                while (received.isMessage()) {
                    count++;
                    received = receiver.receive(SOON);
                }
                context.say(received.kind() + " after " + count);
            }
        }
    }

    @RepeatedTest(8)
    void whatWasSentIsReceivedWhenTheSenderLeavesAtOnce() throws InterruptedException {
        String address = scope.address("fifo", "leaves");
        try (ChildJvm child = ChildJvm.of(Reader.class).args(address).start();
                Sender sender = Ipc.sender(address)) {
            for (int i = 0; i < MESSAGES; i++) {
                sender.send(ByteBuffer.wrap(new byte[] {1, 2, 3}), SOON);
            }
            sender.close(SOON);
            child.expect("END after " + MESSAGES);
            assertEquals(0, child.awaitExit());
        }
    }
}

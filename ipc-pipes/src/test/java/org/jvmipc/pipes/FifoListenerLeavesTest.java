package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

class FifoListenerLeavesTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @IpcDir
    private IpcScope scope;

    /** Connects in a fresh JVM, whose first calls are slow: there is time for the listener to answer and leave. */
    static final class Connector implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            try (Duplex connected = Ipc.connect(context.arg(0))) {
                connected.sender().send(ByteBuffer.wrap(new byte[] {1}), SOON);
                context.say("got " + connected.receiver().receive(SOON).message().length());
            }
        }
    }

    @RepeatedTest(8)
    void aConnectionLivesOnWhenItsListenerLeavesAtOnce() throws InterruptedException {
        String address = scope.address("fifo", "leaves");
        Listener listener = scope.track(Ipc.listen(address));
        try (ChildJvm child = ChildJvm.of(Connector.class).args(address).start();
                Duplex accepted = listener.accept(SOON)) {
            listener.close();
            assertEquals(1, accepted.receiver().receive(SOON).message().length());
            accepted.sender().send(ByteBuffer.wrap(new byte[] {1, 2}), SOON);
            child.expect("got 2");
            assertEquals(0, child.awaitExit());
        }
    }
}

package org.jvmipc.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ServiceLoader;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.spi.ChannelProvider;

/**
 * What the JVM runs whose classes go into a {@link ChildArchive}: a message through a channel of each scheme there is.
 * Whatever fails here (a scheme that needs a process of its own, a full file system) has loaded its classes before.
 */
final class ArchiveTraining implements Peer {

    private static final Duration SHORT = Duration.ofMillis(1);

    @Override
    public void run(PeerContext context) throws Exception {
        Class.forName("org.jvmipc.testkit.contract.ContractPeer");
        Class.forName("org.jvmipc.testkit.contract.PeerEnds");
        Class.forName("org.jvmipc.testkit.contract.Payload");
        try (IpcScope scope = IpcScope.open()) {
            scope.mayLeave(scope.dir()); // a queue on disk stays when it is closed
            for (ChannelProvider provider : ServiceLoader.load(ChannelProvider.class)) {
                try {
                    carryOne(provider.scheme(), scope);
                } catch (RuntimeException | LinkageError e) {
                    context.say(provider.scheme() + ": " + e);
                }
            }
        } catch (AssertionError e) {
            context.say("tidying up: " + e);
        }
    }

    private static void carryOne(String scheme, IpcScope scope) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver(Address.parse(scope.address(scheme, "training")));
                Sender sender = Ipc.sender(receiver.address())) {
            if (sender.trySend(ByteBuffer.wrap(new byte[1])) == SendResult.SENT) {
                Received received = receiver.receive(SHORT);
                if (received.isMessage()) {
                    received.message().payload().get();
                }
            }
            receiver.receive(SHORT);
        }
    }
}

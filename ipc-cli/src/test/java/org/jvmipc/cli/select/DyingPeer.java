package org.jvmipc.cli.select;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** The process that sends one message on each channel and waits to be killed. */
final class DyingPeer implements Peer {
    @Override
    public void run(PeerContext context) throws Exception {
        List<Sender> senders = new ArrayList<>();
        for (String address : context.args()) {
            Sender sender = Ipc.sender(address);
            senders.add(sender);
            sender.send(ByteBuffer.allocate(4), Duration.ofSeconds(20));
        }
        context.say("sent");
        context.hear();
        throw new AssertionError("it was to be killed with " + senders.size() + " channels open");
    }
}

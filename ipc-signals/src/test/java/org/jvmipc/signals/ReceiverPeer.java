package org.jvmipc.signals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A process that receives signals when it is told how many, and answers with their payloads. */
final class ReceiverPeer implements Peer {
    @Override
    public void run(PeerContext context) throws Exception {
        try (Receiver receiver = Ipc.receiver("signal:self?signal=" + context.arg(0))) {
            context.say("ready " + receiver.address());
            while (true) {
                int count = Integer.parseInt(context.hear());
                List<String> payloads = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    Received received = receiver.receive(Duration.ofSeconds(10));
                    payloads.add(received.isMessage() ? String.valueOf(received.message().payload().getInt()) : "none");
                }
                context.say("got " + String.join(" ", payloads));
            }
        }
    }
}

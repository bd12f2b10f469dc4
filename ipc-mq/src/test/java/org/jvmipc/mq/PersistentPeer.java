package org.jvmipc.mq;

import java.time.Duration;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** The other process of a test; its first argument says what it does, its second one is an address. */
final class PersistentPeer implements Peer {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Override
    public void run(PeerContext context) throws Exception {
        String address = context.arg(1);
        switch (context.arg(0)) {
            case "inside" -> inside(context, address);
            case "produce" -> produce(context, address, context.arg(2));
            case "take" -> take(context, address);
            case "try" -> tryAll(context, address);
            default -> throw new IllegalArgumentException(context.arg(0));
        }
    }

    /** Sends a message, and stays in the middle of the next until it is killed. */
    private static void inside(PeerContext context, String address) throws InterruptedException {
        try (Sender sender = Ipc.sender(address)) {
            sender.send(QueuePeer.bytes("done"));
            Claim claim = sender.tryClaim(5000);
            claim.buffer().put(new byte[5000]);
            claim.buffer().put(0, (byte) 'x');
            context.say("inside");
            context.hear();
            claim.commit();
        }
    }

    /** Sends until it is killed, and says what was acknowledged. */
    private static void produce(PeerContext context, String address, String name) throws InterruptedException {
        try (Sender sender = Ipc.sender(address)) {
            for (int i = 0;; i++) {
                sender.send(QueuePeer.bytes(name + " " + i));
                context.say("sent " + i);
            }
        }
    }

    /** Takes what it is told to, one at a time. */
    private static void take(PeerContext context, String address) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver(address)) {
            context.say("ready");
            while (true) {
                context.hear();
                Received next = receiver.receive(LONG);
                context.say("took " + next.text());
            }
        }
    }

    /** Opens without the flags that it takes. */
    private static void tryAll(PeerContext context, String address) {
        try {
            Ipc.sender(address).close();
            context.say("opened");
        } catch (UnsupportedOperationException refused) {
            context.say("refused " + refused.getMessage().replace('\n', '|'));
        }
        Ipc.sender("posixmq:" + context.arg(2)).close();
        context.say("the other opened");
    }
}

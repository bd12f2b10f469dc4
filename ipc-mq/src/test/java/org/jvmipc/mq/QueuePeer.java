package org.jvmipc.mq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** The other process of a test; its first argument says what it does, its second one is an address. */
final class QueuePeer implements Peer {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Override
    public void run(PeerContext context) throws Exception {
        String address = context.arg(1);
        switch (context.arg(0)) {
            case "hold" -> hold(context, address);
            case "block" -> block(context, address);
            case "churn" -> churn(context, address, Integer.parseInt(context.arg(2)));
            case "work" -> work(context, address);
            default -> throw new IllegalArgumentException(context.arg(0));
        }
    }

    static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    /** Sends what it hears, until it is killed or hears the end. */
    private static void hold(PeerContext context, String address) throws InterruptedException {
        try (Sender sender = Ipc.sender(address)) {
            context.say("holds");
            for (String line = context.hear(); !line.equals("end"); line = context.hear()) {
                sender.send(bytes(line), LONG);
                context.say("sent " + line);
            }
        }
        context.say("left");
    }

    private static void block(PeerContext context, String address) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver(address)) {
            context.say("blocking");
            context.say("got " + receiver.receive().text());
        }
    }

    /** Opens, sends or receives, and closes, again and again. */
    private static void churn(PeerContext context, String address, int rounds) {
        for (int i = 0; i < rounds; i++) {
            if (i % 2 == 0) {
                try (Sender sender = Ipc.sender(address)) {
                    sender.trySend(bytes("x"));
                }
            } else {
                try (Receiver receiver = Ipc.receiver(address)) {
                    receiver.tryReceive();
                }
            }
        }
        context.say("done");
    }

    /** Takes messages and says so, until one says stop. */
    private static void work(PeerContext context, String address) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver(address)) {
            context.say("working");
            for (Received next = receiver.receive(LONG); !next.text().equals("stop"); next = receiver.receive(LONG)) {
                context.say("took " + next.text());
            }
        }
    }
}

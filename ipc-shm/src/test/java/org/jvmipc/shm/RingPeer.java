package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.zip.CRC32;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** The other process of a test; its first argument says what it does, its second one is an address. */
final class RingPeer implements Peer {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Override
    public void run(PeerContext context) throws Exception {
        String address = context.arg(1);
        switch (context.arg(0)) {
            case "send" -> send(context, address, Integer.parseInt(context.arg(2)));
            case "block" -> block(context, address);
            case "echo" -> echo(context, address, context.arg(2), Integer.parseInt(context.arg(3)));
            case "exit" -> exit(context, address);
            case "serve" -> serve(context, address);
            case "hold" -> hold(context, address);
            default -> throw new IllegalArgumentException(context.arg(0));
        }
    }

    /** A message of a length and content that follow from its number. */
    static ByteBuffer message(int number) {
        ByteBuffer message = ByteBuffer.allocate(12 + number % 50);
        message.putInt(number);
        while (message.remaining() > 8) {
            message.put((byte) (number * message.position()));
        }
        CRC32 sum = new CRC32();
        sum.update(message.array(), 0, message.position());
        return message.putLong(sum.getValue()).clear();
    }

    private static void send(PeerContext context, String address, int count) throws InterruptedException {
        try (Sender sender = Ipc.sender(address)) {
            for (int number = 0; number < count; number++) {
                sender.send(message(number));
            }
            context.say("sent");
            context.hear();
        }
    }

    private static void block(PeerContext context, String address) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver(address)) {
            context.say("blocking");
            Received received = receiver.receive();
            context.say("got " + received.message().length());
        }
    }

    private static void echo(PeerContext context, String there, String back, int count) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver(there); Sender sender = Ipc.sender(back)) {
            context.say("ready");
            for (int i = 0; i < count; i++) {
                sender.send(receiver.receive().message().payload());
            }
            context.say("echoed");
            context.hear();
        }
    }

    /** Sends all back that comes over one connection. */
    private static void serve(PeerContext context, String address) throws InterruptedException {
        try (Listener listener = Ipc.listen(address)) {
            context.say("listening");
            try (Duplex connection = listener.accept()) {
                Received next = connection.receiver().receive(LONG);
                while (next.isMessage()) {
                    connection.sender().send(next.message().payload(), LONG);
                    next = connection.receiver().receive(LONG);
                }
            }
        }
    }

    private static void exit(PeerContext context, String address) throws InterruptedException {
        Ipc.sender(address).send(message(1));
        context.say("sent");
        if (context.hear().equals("exit")) {
            System.exit(7);
        }
        context.hear();
    }

    private static void hold(PeerContext context, String address) throws InterruptedException {
        Sender sender = Ipc.sender(address);
        sender.send(message(0));
        sender.tryClaim(40).buffer().putLong(4711);
        context.say("claimed");
        context.hear();
    }
}

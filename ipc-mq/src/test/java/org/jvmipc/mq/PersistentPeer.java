package org.jvmipc.mq;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.NoSpaceException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.SharedFiles;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** The other process of a test; its first argument says what it does, its second one is an address. */
final class PersistentPeer implements Peer {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int SMALL = 4096;

    @Override
    public void run(PeerContext context) throws Exception {
        String address = context.arg(1);
        switch (context.arg(0)) {
            case "inside" -> inside(context, address);
            case "produce" -> produce(context, address, context.arg(2));
            case "take" -> take(context, address);
            case "alone" -> alone(context, address, context.arg(2));
            case "try" -> tryAll(context, address);
            case "limited" -> limited(context, address);
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

    /** Does all that one does with queues, and then what it must not have done. */
    private static void alone(PeerContext context, String address, String dead) throws Exception {
        Path directory = Path.of(address.substring("queue:".length()));
        String cycle = "?rollCycle=TEST_SECONDLY";
        try (Sender sender = Ipc.sender(address + cycle + "&sync=each&retain=unread");
                Sender delayed = Ipc.sender(address + cycle + "&delay=1ms");
                Receiver reader = Ipc.receiver(address + "?reader=r");
                GroupConsumer consumer = GroupConsumer.open(address + "?group=g&redeliver=0&deadLetter="
                        + dead.substring("queue:".length()))) {
            long end = System.nanoTime() + Duration.ofMillis(1100).toNanos();
            for (int i = 0; System.nanoTime() - end < 0; i++) {
                sender.send(QueuePeer.bytes("" + i));
                delayed.send(QueuePeer.bytes("later"));
                reader.receive(LONG);
                reader.receive(LONG);
                try (Delivery delivery = consumer.receive(LONG)) {
                    if (i % 10 != 0) {
                        delivery.ack();
                    }
                }
            }
            PersistentQueues.retain(directory, Duration.ofDays(1), 0, true);
            PersistentQueues.cursors(directory);
        }
        PersistentQueues.check(directory);
        PersistentQueues.repair(directory);
        PersistentQueues.remove(directory);
        context.say("worked");
        context.say("counted " + wanted());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("192.0.2.1", 9), 1000);
        } catch (IOException none) {
            context.say("refused");
        }
        context.say("then " + wanted());
    }

    /** Opens a queue and sends to it each time it is told to, and says what came of it. */
    private static void limited(PeerContext context, String address) throws Exception {
        Path file = Path.of(address.substring("queue:".length()) + ".file");
        // Unpacks native code, too.
        SharedFiles.create(file, SMALL).close();
        Files.delete(file);
        context.say("ready");
        while (!context.hear().equals("end")) {
            for (boolean plain : new boolean[] {false, true}) {
                try {
                    (plain ? SharedFiles.createPlain(file, SMALL) : SharedFiles.create(file, SMALL)).close();
                    Files.delete(file);
                } catch (NoSpaceException refused) {
                    context.say("file: " + refused.freeBytes() + " " + refused.getMessage());
                }
            }
            try (Sender sender = Ipc.sender(address);
                    GroupConsumer consumer = GroupConsumer.open(address + "?group=g&window=65536")) {
                sender.send(QueuePeer.bytes("sent"));
                context.say("sent, " + consumer.depth());
            } catch (NoSpaceException refused) {
                context.say(refused.freeBytes() + " " + refused.getMessage());
            } catch (NativeCallException refused) {
                context.say("refused: " + refused.getMessage());
            }
        }
    }

    /** How often somebody in this namespace wanted to send what there was no way for. */
    private static long wanted() throws IOException {
        long count = 0;
        List<String> lines = Files.readAllLines(Path.of("/proc/net/snmp"));
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            String[] names = lines.get(i).split(" ");
            String[] values = lines.get(i + 1).split(" ");
            for (int k = 1; k < names.length; k++) {
                if (names[0].equals("Ip:") && (names[k].equals("OutNoRoutes") || names[k].equals("OutRequests"))) {
                    count += Long.parseLong(values[k]);
                }
            }
        }
        for (String line : Files.readAllLines(Path.of("/proc/net/snmp6"))) {
            if (line.startsWith("Ip6OutNoRoutes")) {
                count += Long.parseLong(line.split("\\s+")[1]);
            }
        }
        return count;
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

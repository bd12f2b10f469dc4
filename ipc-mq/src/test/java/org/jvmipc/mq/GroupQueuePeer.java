package org.jvmipc.mq;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.mq.internal.group.Account;
import org.jvmipc.mq.internal.group.Journal;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * One of those who are killed: what it is, the address, its journal, the number of this life. It goes on until it hears
 * a line; consumers and readers then take what is left.
 */
final class GroupQueuePeer implements Peer {
    static final int LINES = 1 << 20;
    private static final Duration SLICE = Duration.ofMillis(50);
    private static final int SIZE = 256;
    private static final int BURST = 20;
    private static final long PAUSE_NANOS = 2_000_000;

    @Override
    public void run(PeerContext context) throws Exception {
        Journal journal = Journal.open(Path.of(context.arg(2)), LINES);
        int life = Integer.parseInt(context.arg(3));
        switch (context.arg(0)) {
            case "producer" -> produce(context, journal, life);
            case "consumer" -> consume(context, journal, life);
            case "reader" -> read(context, journal);
            default -> throw new IllegalArgumentException(context.arg(0));
        }
        context.say("done");
    }

    private static boolean hears(PeerContext context) throws InterruptedException {
        return context.hear(Duration.ZERO) != null;
    }

    private static void produce(PeerContext context, Journal journal, int life) throws InterruptedException {
        ByteBuffer message = ByteBuffer.allocateDirect(SIZE);
        try (Sender sender = Ipc.sender(context.arg(1))) {
            context.say("ready");
            int number = life * Account.PER_SOURCE;
            while (!hears(context)) {
                for (int i = 0; i < BURST; i++) {
                    journal.add(Journal.Act.TOOK, number, 1);
                    sender.send(message.clear().putInt(0, number));
                    journal.add(Journal.Act.ACKNOWLEDGED, number++, 1);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static void consume(PeerContext context, Journal journal, int life) throws InterruptedException {
        Random random = new Random(life);
        try (GroupConsumer consumer = GroupConsumer.open(context.arg(1))) {
            context.say("ready");
            boolean stops = false;
            while (!stops || consumer.depth() > 0) {
                stops |= hears(context);
                Delivery delivery;
                try {
                    delivery = consumer.receive(SLICE);
                } catch (IpcTimeoutException none) {
                    continue;
                }
                int number = delivery.payload().getInt(0);
                journal.add(Journal.Act.TOOK, number, delivery.deliveries());
                if (random.nextInt(200) == 0) {
                    delivery.nack();
                    journal.add(Journal.Act.GAVE_BACK, number, delivery.deliveries());
                } else {
                    journal.add(delivery.ack() ? Journal.Act.ACKNOWLEDGED : Journal.Act.WAS_TOO_LATE, number,
                            delivery.deliveries());
                }
            }
        }
    }

    private static void read(PeerContext context, Journal journal) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver(context.arg(1))) {
            context.say("ready");
            boolean stops = false;
            while (true) {
                boolean last = stops;
                Received received = receiver.receive(SLICE);
                if (received.isMessage()) {
                    journal.add(Journal.Act.TOOK, received.message().payload().getInt(0), 1);
                } else if (last) {
                    return;
                }
                stops |= hears(context);
            }
        }
    }
}

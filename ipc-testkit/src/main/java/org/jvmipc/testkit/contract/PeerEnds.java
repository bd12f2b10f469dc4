package org.jvmipc.testkit.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** The ends of channels that a {@link ContractPeer} has open, and what it can be told to do with them. */
final class PeerEnds {
    /** Shorter than the parent's patience with an answer. */
    private static final Duration PATIENCE = Bench.PATIENCE;

    private final Queue<Channel> open = new ConcurrentLinkedQueue<>();
    private Sender sender;
    private Receiver receiver;
    private WritableByteChannel sink;
    private ReadableByteChannel source;

    /** The first word is the command's number, the second the command. */
    String perform(String[] words) throws Exception {
        return switch (words[1]) {
            case "sender", "receiver", "connect", "sink", "source", "stream" -> open(words[1], words[2]);
            case "send" -> send(number(words, 2), number(words, 3), number(words, 4));
            case "maxMessage" -> String.valueOf(sender.maxMessage());
            case "flood" -> flood(number(words, 2));
            case "fill" -> String.valueOf(new Pair(sender, receiver).fill());
            case "receive" -> receive(number(words, 2), number(words, 3), number(words, 4));
            case "receiveToEnd" -> receiveToEnd(number(words, 2), number(words, 3));
            case "transfer" -> sender.transfer(Payload.of(number(words, 2), number(words, 3)), PATIENCE).toString();
            case "echo" -> echo(number(words, 2));
            case "write" -> write(number(words, 2), number(words, 3));
            case "read" -> read(number(words, 2), number(words, 3));
            case "readEnd" -> String.valueOf(source.read(ByteBuffer.allocate(1)));
            case "echoBytes" -> echoBytes(number(words, 2));
            case "awaitPeer" -> String.valueOf((sender == null ? receiver : sender).awaitPeer(PATIENCE));
            case "close" -> close();
            default -> throw new IllegalArgumentException("no such command: " + words[1]);
        };
    }

    private static int number(String[] words, int index) {
        return Integer.parseInt(words[index]);
    }

    private String open(String what, String address) {
        switch (what) {
            case "sender" -> sender = keep(Ipc.sender(address));
            case "receiver" -> receiver = keep(Ipc.receiver(address));
            case "connect" -> {
                Duplex duplex = keep(Ipc.connect(address));
                sender = duplex.sender();
                receiver = duplex.receiver();
            }
            case "sink" -> sink = keep(Ipc.sink(address));
            case "source" -> source = keep(Ipc.source(address));
            default -> {
                ByteChannel stream = keep(Ipc.stream(address));
                sink = stream;
                source = stream;
            }
        }
        return sender != null ? sender.address().toString() : receiver != null ? receiver.address().toString() : "";
    }

    private <T extends Channel> T keep(T channel) {
        open.add(channel);
        return channel;
    }

    private String send(int from, int count, int size) throws InterruptedException {
        for (int i = from; i < from + count; i++) {
            sender.send(Payload.of(i, size), PATIENCE);
        }
        return "";
    }

    /** Sends without end; somebody has to end it. */
    private String flood(int size) throws InterruptedException {
        for (int i = 0;; i++) {
            sender.send(Payload.of(i, size));
        }
    }

    private String receive(int from, int count, int size) throws InterruptedException {
        for (int i = from; i < from + count; i++) {
            Payload.assertIs(i, size, receiver.receive(PATIENCE));
        }
        return "";
    }

    /** Tells the number after the last message, and how the channel ended. */
    private String receiveToEnd(int from, int size) throws InterruptedException {
        for (int i = from;; i++) {
            Received received;
            try {
                received = receiver.receive(PATIENCE);
            } catch (BrokenFrameException broken) {
                return i + " broken";
            }
            if (received == Received.END) {
                return i + " end";
            }
            Payload.assertIs(i, size, received);
        }
    }

    private String echo(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            sender.send(receiver.receive(PATIENCE).message().payload(), PATIENCE);
        }
        return "";
    }

    private String write(int from, int count) throws IOException {
        Bytes.write(sink, from, count, 50_000, from);
        return "";
    }

    private String read(int from, int count) throws IOException {
        Bytes.read(source, from, count, 50_000, from);
        return "";
    }

    private String echoBytes(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Bytes.read(source, i, 1, 1, 1);
            sink.write(Bytes.from(i, 1));
        }
        return "";
    }

    /** Closes what is open; any thread may. */
    String close() throws IOException {
        IOException failure = null;
        for (Channel channel = open.poll(); channel != null; channel = open.poll()) {
            try {
                channel.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return "";
    }
}

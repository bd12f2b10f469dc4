package org.jvmipc.containers;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.Claim;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;

/** What a {@link Worker} can do with channels. Endpoints have names, which the first line about them gives. */
final class ChannelCommands {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Map<String, Sender> senders = new HashMap<>();
    private final Map<String, Receiver> receivers = new HashMap<>();
    private final Map<String, Listener> listeners = new HashMap<>();
    private final Map<String, Claim> claims = new HashMap<>();

    void addTo(Map<String, Worker.Command> commands) {
        commands.put("sender", words -> put(senders, words[0], Ipc.sender(words[1])));
        commands.put("receiver", words -> put(receivers, words[0], Ipc.receiver(words[1])));
        commands.put("listen", words -> put(listeners, words[0], Ipc.listen(words[1])));
        commands.put("accept", words -> duplex(words[0], listeners.get(words[0]).accept(LONG)));
        commands.put("connect", words -> duplex(words[0], Ipc.connect(words[1])));
        commands.put("send", words -> send(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
        commands.put("trickle", words -> trickle(senders.get(words[0])));
        commands.put("claim", words -> claim(words[0]));
        commands.put("commit", words -> commit(words[0], Integer.parseInt(words[1])));
        commands.put("receive", words -> receive(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
        commands.put("receive-two", words -> receiveTwo(words[0], Integer.parseInt(words[1])));
        commands.put("send-integers", words -> sendIntegers(words[0], Integer.parseInt(words[1])));
        commands.put("receive-integers", words -> receiveIntegers(words[0], Integer.parseInt(words[1])));
        commands.put("next", words -> next(words[0], Duration.ofMillis(Long.parseLong(words[1]))));
        commands.put("echo", words -> echo(words[0], words[1], Integer.parseInt(words[2])));
        commands.put("close", words -> close(words[0]));
    }

    /** A message whose length and content follow from its number. */
    private static ByteBuffer message(int number) {
        ByteBuffer message = ByteBuffer.allocate(8 + number % 40);
        message.putInt(number);
        while (message.hasRemaining()) {
            message.put((byte) (number + message.position()));
        }
        return message.flip();
    }

    private static <T> String put(Map<String, T> endpoints, String name, T endpoint) {
        endpoints.put(name, endpoint);
        return "open";
    }

    private String duplex(String name, Duplex connection) {
        senders.put(name, Objects.requireNonNull(connection, "nobody came").sender());
        receivers.put(name, connection.receiver());
        return "connected";
    }

    private String send(String name, int first, int count) throws InterruptedException {
        for (int number = first; number < first + count; number++) {
            senders.get(name).send(message(number), LONG);
        }
        return "sent " + count;
    }

    /** Sends a thousand messages a second, until the JVM ends or the channel is full. */
    private static String trickle(Sender sender) {
        Thread thread = new Thread(() -> {
            for (int number = 0; sender.trySend(message(number)) == SendResult.SENT; number++) {
                LockSupport.parkNanos(1_000_000);
            }
        }, "trickle");
        thread.setDaemon(true);
        thread.start();
        return "trickles";
    }

    /** Begins a message and stays in it. */
    private String claim(String name) {
        Claim claim = senders.get(name).tryClaim(message(0).remaining());
        claim.buffer().put((byte) 1);
        claims.put(name, claim);
        return "claimed";
    }

    /** Finishes it. */
    private String commit(String name, int number) {
        Claim claim = claims.remove(name);
        claim.buffer().clear().put(message(number));
        claim.commit();
        return "committed";
    }

    private String receive(String name, int first, int count) throws InterruptedException {
        for (int number = first; number < first + count; number++) {
            Received next = receivers.get(name).receive(LONG);
            if (!next.isMessage() || !next.message().payload().equals(message(number))) {
                return next + " in place of message " + number;
            }
        }
        return "received " + count;
    }

    /** The messages of two senders, of whom the second begins where the first one ends. */
    private String receiveTwo(String name, int count) throws InterruptedException {
        int[] got = {0, 0};
        while (got[0] + got[1] < 2 * count) {
            Received next = receivers.get(name).receive(LONG);
            int sender = next.isMessage() ? next.message().payload().getInt(0) / count : 0;
            int expected = sender * count + got[sender]++;
            if (!next.isMessage() || !next.message().payload().equals(message(expected))) {
                return next + " in place of message " + expected;
            }
        }
        return "received " + got[0] + " and " + got[1];
    }

    /** Messages of four bytes, which signals can carry. */
    private String sendIntegers(String name, int count) throws InterruptedException {
        for (int number = 0; number < count; number++) {
            senders.get(name).send(ByteBuffer.allocate(Integer.BYTES).putInt(0, number), LONG);
        }
        return "sent " + count + " integers";
    }

    private String receiveIntegers(String name, int count) throws InterruptedException {
        for (int number = 0; number < count; number++) {
            Received next = receivers.get(name).receive(LONG);
            if (!next.isMessage() || next.message().payload().getInt(0) != number) {
                return next + " in place of " + number;
            }
        }
        return "received " + count + " integers";
    }

    private String next(String name, Duration timeout) throws InterruptedException {
        Received next = receivers.get(name).receive(timeout);
        return next.isMessage() ? "message " + next.message().payload().getInt(0) : next.kind().toString();
    }

    /** Gives back what comes. */
    private String echo(String from, String to, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            senders.get(to).send(receivers.get(from).receive(LONG).message().payload(), LONG);
        }
        return "echoed " + count;
    }

    private String close(String name) {
        if (senders.containsKey(name)) {
            senders.remove(name).close();
        }
        if (receivers.containsKey(name)) {
            receivers.remove(name).close();
        }
        if (listeners.containsKey(name)) {
            listeners.remove(name).close();
        }
        return "closed";
    }
}

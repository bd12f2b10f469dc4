package org.jvmipc.pipes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** The other process: opens what it is told to and sends and receives text. */
public final class Courier implements Peer {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private PeerContext context;
    private Sender sender;
    private Receiver receiver;
    private Listener listener;

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(Received received) {
        return received.isMessage() ? StandardCharsets.UTF_8.decode(
                ByteBuffer.wrap(received.message().bytes())).toString() : received.toString();
    }

    /** Asks a courier for something and returns the rest of its answer. */
    static String ask(ChildJvm child, String request) {
        child.send(request);
        String answer = child.expect("= ");
        return answer.substring(2);
    }

    @Override
    public void run(PeerContext peer) throws Exception {
        context = peer;
        peer.say("ready");
        for (String line = peer.hear(); line != null && !line.equals("end"); line = peer.hear()) {
            String[] words = line.split(" ", 2);
            String answer;
            try {
                answer = obey(words[0], words.length > 1 ? words[1] : "");
            } catch (RuntimeException e) {
                answer = e.getClass().getSimpleName() + ": " + e.getMessage();
            }
            peer.say("= " + answer);
        }
    }

    private String obey(String verb, String rest) throws Exception {
        switch (verb) {
            case "sender" -> sender = Ipc.sender(rest);
            case "receiver" -> receiver = Ipc.receiver(rest);
            case "connect" -> use(Ipc.connect(rest));
            case "listen" -> listener = Ipc.listen(rest);
            case "accept" -> use(listener.accept(PATIENCE));
            case "send" -> sender.send(bytes(rest), PATIENCE);
            case "fill" -> {
                return String.valueOf(fill(Integer.parseInt(rest)));
            }
            case "peer" -> {
                return String.valueOf((sender == null ? receiver : sender).awaitPeer(PATIENCE));
            }
            case "receive" -> {
                return text(receiver.receive(PATIENCE));
            }
            case "close" -> {
                if (receiver != null) {
                    receiver.close();
                }
                if (sender != null) {
                    sender.close();
                }
                if (listener != null) {
                    listener.close();
                }
            }
            default -> throw new IllegalArgumentException(verb);
        }
        return "ok " + (receiver != null ? receiver.address() : sender != null ? sender.address() : "");
    }

    private void use(Duplex duplex) {
        sender = duplex.sender();
        receiver = duplex.receiver();
    }

    /** Sends one message that is too large for any buffer, so that only its beginning goes. */
    private int fill(int size) throws InterruptedException {
        context.say("filling");
        sender.send(ByteBuffer.allocate(size));
        return size;
    }
}

package org.jvmipc.benchmarks;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** The process of {@link FirstMessage} that is started: receives one message and tells when. */
final class FirstMessageSide {
    /** Before an address: sends, and tells nothing. */
    static final String SEND = "send";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private FirstMessageSide() {
    }

    /**
     * Receives, or sends.
     *
     * @param args the address, or {@link #SEND} and the address; none to tell only when the program begins
     * @throws InterruptedException never, as nobody interrupts
     */
    public static void main(String[] args) throws InterruptedException {
        long opening = System.nanoTime();
        if (args.length == 0) {
            tell(opening, opening);
            return;
        }
        if (args[0].equals(SEND)) {
            try (Sender sender = Ipc.sender(args[1])) {
                FirstMessage.send(sender);
            }
            return;
        }
        try (Receiver receiver = Ipc.receiver(args[0])) {
            Received received = receiver.receive(PATIENCE);
            long first = System.nanoTime();
            if (!received.isMessage() || !received.message().payload().equals(message())) {
                throw new IllegalStateException("what came is not what was sent: " + received);
            }
            tell(opening, first);
        }
    }

    /** What is sent. */
    static ByteBuffer message() {
        ByteBuffer message = ByteBuffer.allocate(FirstMessage.SIZE);
        while (message.hasRemaining()) {
            message.put((byte) (message.position() + 1));
        }
        return message.flip();
    }

    private static void tell(long opening, long first) {
        Peer.say("opening=" + opening + " first=" + first);
    }
}

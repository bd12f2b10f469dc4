package org.jvmipc.demos.pingpong;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Received;
import org.jvmipc.Sender;
import org.jvmipc.demos.Demos;
import org.jvmipc.signals.Peers;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalChannels;
import org.jvmipc.signals.Signals;

/** Two processes send each other real-time signals with a number, each one more than the one that came. */
public final class PingPong {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private PingPong() {
    }

    /**
     * Pings.
     *
     * @param args how often
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        int rounds = Demos.number(args, 0, "ROUNDS", 1_000, 100_000_000);
        // The signals wait in the kernel until they are received.
        Signals.relaunchBlocked(Signal.realTime(1));
        try (Receiver receiver = Ipc.receiver("signal:self")) {
            Process other = Demos.start(Pong.class, receiver.address());
            Runtime.getRuntime().addShutdownHook(new Thread(other::destroy));
            System.out.println(Peers.onExit(other).isDone() ? "nobody plays" : "ping is " + receiver.address());
            int number = next(receiver); // The first is the other's, who is ready.
            long start = System.nanoTime();
            try (Sender sender = Ipc.sender("signal:" + SignalChannels.last(receiver).pid())) {
                for (int i = 0; i < rounds; i++) {
                    sender.send(message(number + 1));
                    number = next(receiver);
                }
                long nanos = (System.nanoTime() - start) / Math.max(1, rounds);
                sender.send(message(-1));
                System.out.println(rounds + " rounds, the last number is " + number + ", " + nanos / 1000
                        + " µs each");
            }
            System.exit(other.waitFor());
        }
    }

    private static int next(Receiver receiver) throws InterruptedException {
        Received received = receiver.receive(PATIENCE);
        return received.isMessage() ? received.message().payload().getInt() : -1;
    }

    private static ByteBuffer message(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).flip();
    }

    /** Answers each number with the next one, until a negative one comes. */
    static final class Pong {
        private Pong() {
        }

        public static void main(String[] args) throws InterruptedException {
            Signals.relaunchBlocked(Signal.realTime(1));
            try (Receiver receiver = Ipc.receiver("signal:self"); Sender sender = Ipc.sender(args[0])) {
                for (int number = 0; number >= 0; number = next(receiver)) {
                    sender.send(message(number + 1));
                }
            }
        }
    }
}

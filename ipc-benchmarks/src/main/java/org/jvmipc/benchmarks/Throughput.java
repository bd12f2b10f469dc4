package org.jvmipc.benchmarks;

import java.nio.ByteBuffer;
import org.jvmipc.Ipc;
import org.jvmipc.MessageHandler;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;

/** One direction, as fast as it goes: the two sides, each in a JVM of its own. The same loops as in ring.c. */
final class Throughput {
    /** How many messages between two looks at the clock. */
    private static final int STRIDE = 4096;
    private static final int POLL_LIMIT = 256;

    private Throughput() {
    }

    /** Sends until the consumer has had enough and left. */
    static void produce(String address) {
        try (Sender sender = Ipc.sender(address)) {
            ByteBuffer message = ByteBuffer.allocateDirect(Pattern.SIZE);
            CpuShare share = CpuShare.begin();
            long sequence = 1;
            do {
                Pattern.fill(message, sequence++);
            } while (send(sender, message));
            Peer.say(share.end());
        }
    }

    /** Tells false if nobody takes messages any more. */
    private static boolean send(Sender sender, ByteBuffer message) {
        SendResult result = sender.trySend(message);
        return result == SendResult.SENT || result != SendResult.CLOSED && resend(sender, message);
    }

    private static boolean resend(Sender sender, ByteBuffer message) {
        Patience patience = new Patience();
        while (true) {
            Thread.onSpinWait();
            SendResult result = sender.trySend(message);
            if (result == SendResult.SENT || result == SendResult.CLOSED) {
                return result == SendResult.SENT;
            }
            patience.check();
        }
    }

    /** Receives for a time, and prints how many came in it after the warm-up. */
    static void consume(String address, long warmupNanos, long nanos) {
        try (Receiver receiver = Ipc.receiver(address)) {
            Peer.say(Peer.READY);
            Consumer consumer = new Consumer(warmupNanos, nanos);
            Patience patience = new Patience();
            while (consumer.result == null) {
                int count = receiver.poll(consumer, POLL_LIMIT);
                if (count > 0) {
                    patience.reset();
                    continue;
                }
                if (count < 0) {
                    throw new IllegalStateException("the producer has gone");
                }
                patience.check();
                Thread.onSpinWait();
            }
            Peer.say(consumer.result);
        }
    }

    /** Checks and counts messages. */
    private static final class Consumer implements MessageHandler {
        private final long warmupNanos;
        private final long nanos;
        private long expected = 1;
        private long first;
        private long begin;
        private long before;
        private CpuShare share;
        private String result;

        Consumer(long warmupNanos, long nanos) {
            this.warmupNanos = warmupNanos;
            this.nanos = nanos;
        }

        @Override
        public void onMessage(ByteBuffer message) {
            if (!Pattern.isSound(message, expected)) {
                throw new IllegalStateException("message " + expected + " was lost or changed");
            }
            if (expected % STRIDE == 0) {
                lookAtClock(System.nanoTime());
            }
            expected++;
        }

        private void lookAtClock(long now) {
            if (first == 0) {
                first = now;
            } else if (begin == 0 && now - first >= warmupNanos) {
                share = CpuShare.begin();
                begin = now;
                before = expected;
            } else if (begin != 0 && now - begin >= nanos && result == null) {
                result = "messages=" + (expected - before) + " nanos=" + (now - begin) + " verified=" + expected + " "
                        + share.end();
            }
        }
    }
}

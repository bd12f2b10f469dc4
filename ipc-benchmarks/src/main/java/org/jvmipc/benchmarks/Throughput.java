package org.jvmipc.benchmarks;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jvmipc.Ipc;
import org.jvmipc.MessageHandler;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;

/** One direction, as fast as it goes: the two sides, each in a JVM of its own. The same loops as in ring.c. */
final class Throughput {
    /** How many messages, or vain attempts, between two looks at the clock. */
    private static final int STRIDE = 4096;
    private static final int POLL_LIMIT = 256;
    /** How long a side goes on without the other. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private Throughput() {
    }

    /** Sends for a time. The last message tells the consumer that it was. */
    static void produce(String address, int size, long nanos) throws InterruptedException {
        try (Sender sender = Ipc.sender(address)) {
            ByteBuffer message = ByteBuffer.allocateDirect(size);
            long end = System.nanoTime() + nanos;
            for (long s = 1; ; s++) {
                long sequence = s % STRIDE == 0 && System.nanoTime() - end > 0 ? Pattern.LAST : s;
                Pattern.fill(message, sequence);
                send(sender, message);
                if (sequence == Pattern.LAST) {
                    break;
                }
            }
            sender.close(Duration.ofSeconds(5));
        }
    }

    private static void send(Sender sender, ByteBuffer message) {
        SendResult result = sender.trySend(message);
        if (result != SendResult.SENT) {
            resend(sender, message, result);
        }
    }

    private static void resend(Sender sender, ByteBuffer message, SendResult first) {
        SendResult result = first;
        long end = 0;
        for (int attempt = 1; result != SendResult.SENT; attempt++) {
            if (result == SendResult.CLOSED) {
                throw new IllegalStateException("the consumer has gone");
            }
            if (attempt % STRIDE == 0) {
                long now = System.nanoTime();
                end = end == 0 ? now + PATIENCE_NANOS : end;
                if (now - end > 0) {
                    throw new IllegalStateException("no message was taken for 10 s: " + result);
                }
            }
            Thread.onSpinWait();
            result = sender.trySend(message);
        }
    }

    /** Receives until told that it is over, and prints how many came in how long after the warm-up. */
    static void consume(String address, int size, long warmupNanos) {
        try (Receiver receiver = Ipc.receiver(address)) {
            Peer.say(Peer.READY);
            Consumer consumer = new Consumer(size, warmupNanos);
            long lastSeen = System.nanoTime();
            int vain = 0;
            while (!consumer.over) {
                int count = receiver.poll(consumer, POLL_LIMIT);
                if (count > 0) {
                    vain = 0;
                    continue;
                }
                if (count < 0) {
                    throw new IllegalStateException("the producer has gone without a last message");
                }
                if (++vain % STRIDE == 0) {
                    long now = System.nanoTime();
                    lastSeen = vain == STRIDE ? now : lastSeen;
                    if (now - lastSeen > PATIENCE_NANOS) {
                        throw new IllegalStateException("no message came for 10 s");
                    }
                }
                Thread.onSpinWait();
            }
            Peer.say(consumer.result());
        }
    }

    /** Checks and counts messages. */
    private static final class Consumer implements MessageHandler {
        private final int size;
        private final long warmupNanos;
        private long expected = 1;
        private long first;
        private long begin;
        private long end;
        private long before;
        private boolean over;

        Consumer(int size, long warmupNanos) {
            this.size = size;
            this.warmupNanos = warmupNanos;
        }

        @Override
        public void onMessage(ByteBuffer message) {
            long sequence = Pattern.sequence(message);
            boolean sound = Pattern.isSound(message, size);
            if (sequence != expected || !sound) {
                unexpected(sequence, sound);
                return;
            }
            if (begin == 0 && sequence % STRIDE == 0) {
                lookAtClock(sequence);
            }
            expected++;
        }

        private void unexpected(long sequence, boolean sound) {
            if (sequence != Pattern.LAST || !sound) {
                throw new IllegalStateException(
                        "message " + expected + " came as " + sequence + (sound ? "" : ", changed"));
            }
            end = System.nanoTime();
            over = true;
        }

        private void lookAtClock(long sequence) {
            long now = System.nanoTime();
            if (first == 0) {
                first = now;
            } else if (now - first >= warmupNanos) {
                begin = now;
                before = sequence;
            }
        }

        String result() {
            boolean measured = begin != 0;
            return "messages=" + (measured ? expected - 1 - before : 0) + " nanos=" + (measured ? end - begin : 0)
                    + " verified=" + (expected - 1);
        }
    }
}

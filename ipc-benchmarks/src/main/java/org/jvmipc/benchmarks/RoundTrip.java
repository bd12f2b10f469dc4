package org.jvmipc.benchmarks;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jvmipc.Ipc;
import org.jvmipc.MessageHandler;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;

/** To and fro over two channels: the two sides, each in a JVM of its own. The same loops as in pingpong.c. */
final class RoundTrip {
    /** Round trips of a batch: the clock may tick in steps that are coarse beside a single one. */
    private static final int BATCH = 16;

    private final Sender sender;
    private final Receiver receiver;
    private final ByteBuffer message;
    private final Check check;
    private final Patience patience = new Patience();

    private RoundTrip(Sender sender, Receiver receiver) {
        this.sender = sender;
        this.receiver = receiver;
        this.message = ByteBuffer.allocateDirect(Pattern.SIZE);
        this.check = new Check();
    }

    /** Expects one message. */
    private static final class Check implements MessageHandler {
        private long expected;
        private boolean over;

        @Override
        public void onMessage(ByteBuffer message) {
            if (!Pattern.isSound(message, expected)) {
                if (!Pattern.isSound(message, Pattern.LAST)) {
                    throw new IllegalStateException("message " + expected + " was lost or changed");
                }
                over = true;
            }
        }
    }

    /** Sends each message back until told that it is over. */
    static void pong(String there, String back) {
        try (Receiver receiver = Ipc.receiver(there);
                Sender sender = Ipc.sender(back)) {
            Peer.say(Peer.READY);
            RoundTrip side = new RoundTrip(sender, receiver);
            CpuShare share = CpuShare.begin();
            for (long s = 1; ; s++) {
                side.receive(s);
                if (side.check.over) {
                    break;
                }
                side.send(s);
            }
            Peer.say(share.end());
            // Acknowledges the end, so that no side leaves while the other still needs it.
            side.send(Pattern.LAST);
        }
    }

    /** Measures round trips after a warm-up, and prints their distribution. */
    static void ping(String there, String back, long warmupNanos, int trips) {
        try (Receiver receiver = Ipc.receiver(back);
                Sender sender = Ipc.sender(there)) {
            RoundTrip side = new RoundTrip(sender, receiver);
            int[] nanos = new int[trips];
            long end = System.nanoTime() + warmupNanos;
            long s = 1;
            do {
                // The same code as is measured, so that the compiler is done with it.
                s = side.measure(s, nanos, Math.min(trips, 10_000));
            } while (System.nanoTime() - end < 0);
            CpuShare share = CpuShare.begin();
            s = side.measure(s, nanos, trips);
            String busy = share.end();
            side.send(Pattern.LAST);
            side.receive(s);
            Peer.say(result(nanos, s - 1) + " " + busy);
        }
    }

    private long measure(long from, int[] nanos, int trips) {
        long s = from;
        long last = System.nanoTime();
        for (int i = 0; i < trips; i++, s++) {
            send(s);
            receive(s);
            long now = System.nanoTime();
            nanos[i] = (int) Math.min(Integer.MAX_VALUE, now - last);
            last = now;
        }
        return s;
    }

    private void send(long sequence) {
        Pattern.fill(message, sequence);
        patience.reset();
        SendResult result;
        while ((result = sender.trySend(message)) != SendResult.SENT) {
            if (result == SendResult.CLOSED) {
                throw new IllegalStateException("the other side has gone");
            }
            patience.check();
            Thread.onSpinWait();
        }
    }

    private void receive(long sequence) {
        check.expected = sequence;
        patience.reset();
        int count;
        while ((count = receiver.poll(check, 1)) != 1) {
            if (count < 0) {
                throw new IllegalStateException("the other side has gone");
            }
            patience.check();
            Thread.onSpinWait();
        }
    }

    private static String result(int[] nanos, long verified) {
        Histogram single = new Histogram(3);
        Histogram batched = new Histogram(4);
        long batch = 0;
        for (int i = 0; i < nanos.length; i++) {
            single.recordValue(nanos[i]);
            batch += nanos[i];
            if (i % BATCH == BATCH - 1) {
                batched.recordValue(batch);
                batch = 0;
            }
        }
        return String.format(Locale.ROOT, "trips=%d median=%d p99=%d batched=%.2f verified=%d", nanos.length,
                single.getValueAtPercentile(50), single.getValueAtPercentile(99),
                batched.getValueAtPercentile(50) / (double) BATCH, verified);
    }
}

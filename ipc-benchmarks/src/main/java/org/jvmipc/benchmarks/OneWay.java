package org.jvmipc.benchmarks;

import java.io.IOException;
import org.jvmipc.benchmarks.transports.Inlet;
import org.jvmipc.benchmarks.transports.Outlet;
import org.jvmipc.benchmarks.transports.Payload;
import org.jvmipc.benchmarks.transports.Setup;
import org.jvmipc.benchmarks.transports.Sink;
import org.jvmipc.benchmarks.transports.Transport;

/** One direction, as fast as it goes: the sides. The same loops as in ring.c. */
final class OneWay {
    /** What a producer prints that was released before it was warm. */
    static final String NOT_MEASURED = "measured=0";
    private static final String CHANNEL = "there";
    private static final int POLL_LIMIT = 256;
    /** How long the other side may take to say that it leaves on purpose. */
    private static final long FAREWELL_MILLIS = 5_000;

    /** How long the consumer may take for what was sent last. */
    private static final long PATIENCE_MILLIS = 60_000;

    private OneWay() {
    }

    /** Sends until released. */
    static void produce(Job job, Transport transport, Release release) throws IOException, InterruptedException {
        Setup setup = job.setup(CHANNEL);
        Window window = new Window(job);
        try (Outlet outlet = transport.outlet(setup)) {
            long sent = 0;
            try {
                sent = produce(outlet, job, window, release);
            } catch (IOException gone) {
                if (!release.isGivenWithin(FAREWELL_MILLIS)) {
                    throw gone;
                }
            }
            window.finish(sent);
            release.isGivenWithin(PATIENCE_MILLIS);
        }
        Peer.say(window.isMeasured() ? window.toString() : NOT_MEASURED);
    }

    private static long produce(Outlet outlet, Job job, Window window, Release release) throws IOException {
        Setup.Waiting waiting = job.setup(CHANNEL).waiting();
        long base = Payload.first(job.number(Job.INDEX), 0);
        int mask = job.number(Job.STRIDE) - 1;
        long most = Long.parseLong(job.get(Job.MESSAGES));
        long sequence = 1;
        while (sequence <= most) {
            if (!outlet.offer(base + sequence) && !insist(outlet, base + sequence, waiting, release)) {
                return sequence - 1;
            }
            if ((sequence & mask) == 0) {
                window.look(sequence);
                if (release.isGiven()) {
                    return sequence;
                }
            }
            sequence++;
        }
        outlet.flush();
        return most;
    }

    private static boolean insist(Outlet outlet, long first, Setup.Waiting waiting, Release release)
            throws IOException {
        Patience patience = new Patience();
        do {
            if (release.isGiven()) {
                return false;
            }
            patience.check();
            waiting.idle();
        } while (!outlet.offer(first));
        return true;
    }

    /** Receives for a time, and prints how many came in it after the warm-up. */
    static void consume(Job job, Transport transport, Release release) throws IOException, InterruptedException {
        Setup setup = job.setup(CHANNEL);
        Window window = new Window(job);
        int mask = job.number(Job.STRIDE) - 1;
        try (Inlet inlet = transport.inlet(setup)) {
            Peer.say(Peer.READY);
            if (setup.shape().producers() == 1) {
                One sink = new One(window, mask);
                consume(inlet, sink, setup.waiting(), sink);
            } else {
                Several sink = new Several(window, mask, setup.shape().producers());
                consume(inlet, sink, setup.waiting(), sink);
            }
            Peer.say(window.toString());
            // The producer learns that this was the end before it sees that nobody receives.
            release.isGivenWithin(FAREWELL_MILLIS);
        }
    }

    /** Whether enough was received. */
    private interface End {
        boolean isReached();
    }

    private static void consume(Inlet inlet, Sink sink, Setup.Waiting waiting, End end) throws IOException {
        Patience patience = new Patience();
        while (!end.isReached()) {
            if (inlet.poll(sink, POLL_LIMIT) > 0) {
                patience.reset();
            } else {
                patience.check();
                waiting.idle();
            }
        }
    }

    /** Checks and counts the messages of one producer. */
    private static final class One implements Sink, End {
        private final Window window;
        private final int mask;
        private long expected = 1;
        private boolean over;

        One(Window window, int mask) {
            this.window = window;
            this.mask = mask;
        }

        @Override
        public void accept(int length, long first, long second, long third, long last) {
            if (!Payload.isSound(expected, length, first, second, third, last)) {
                throw new IllegalStateException("message " + expected + " was lost or changed");
            }
            if ((expected & mask) == 0) {
                over = window.look(expected);
            }
            expected++;
        }

        @Override
        public boolean isReached() {
            return over;
        }
    }

    /** Checks and counts the messages of several producers, each of which is in order. */
    private static final class Several implements Sink, End {
        private final Window window;
        private final int mask;
        private final long[] expected;
        private long count;
        private boolean over;

        Several(Window window, int mask, int producers) {
            this.window = window;
            this.mask = mask;
            this.expected = new long[producers];
            for (int i = 0; i < producers; i++) {
                expected[i] = Payload.first(i, 1);
            }
        }

        @Override
        public void accept(int length, long first, long second, long third, long last) {
            int producer = Payload.producer(first);
            if (producer >= expected.length
                    || !Payload.isSound(expected[producer], length, first, second, third, last)) {
                throw new IllegalStateException("after " + count + " messages one was lost or changed");
            }
            expected[producer]++;
            count++;
            if ((count & mask) == 0) {
                over = window.look(count);
            }
        }

        @Override
        public boolean isReached() {
            return over;
        }
    }
}

package org.jvmipc.benchmarks;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jvmipc.benchmarks.transports.Inlet;
import org.jvmipc.benchmarks.transports.Outlet;
import org.jvmipc.benchmarks.transports.Payload;
import org.jvmipc.benchmarks.transports.Setup;
import org.jvmipc.benchmarks.transports.Sink;
import org.jvmipc.benchmarks.transports.Transport;

/**
 * To and fro over two channels: the sides. The same loops as in pingpong.c. Measured first one after the other, then
 * at a fixed rate, where the time of each trip counts from when it should have started: a stall delays all that should
 * have started meanwhile, and is seen in each of them.
 */
final class ToAndFro {
    private static final String THERE = "there";
    private static final String BACK = "back";
    /** The sequence of the message that ends a run. */
    private static final long LAST = (1L << 56) - 1;
    /** Round trips of a batch: the clock may tick in steps that are coarse beside a single one. */
    private static final int BATCH = 16;
    private static final int MOST_TRIPS = 2_000_000;
    private static final int WARMUP_TRIPS = 10_000;

    private final Inlet inlet;
    private final Outlet outlet;
    private final Setup.Waiting waiting;
    private final Check check = new Check();
    private final Patience patience = new Patience();

    private ToAndFro(Inlet inlet, Outlet outlet, Setup.Waiting waiting) {
        this.inlet = inlet;
        this.outlet = outlet;
        this.waiting = waiting;
    }

    /** Expects one message. */
    private static final class Check implements Sink {
        private long expected;
        private boolean over;

        @Override
        public void accept(int length, long first, long second, long third, long last) {
            if (!Payload.isSound(expected, length, first, second, third, last)) {
                if (!Payload.isSound(LAST, length, first, second, third, last)) {
                    throw new IllegalStateException("message " + expected + " was lost or changed");
                }
                over = true;
            }
        }
    }

    /** Sends each message back until told that it is over. */
    static void pong(Job job, Transport transport) throws IOException {
        Setup setup = job.setup(THERE);
        try (Inlet inlet = transport.inlet(setup)) {
            Peer.say(Peer.READY);
            try (Outlet outlet = transport.outlet(setup.withChannel(BACK))) {
                ToAndFro side = new ToAndFro(inlet, outlet, setup.waiting());
                side.receive(1);
                CpuShare share = CpuShare.begin();
                for (long s = 1; !side.check.over; s++) {
                    side.send(s);
                    side.receive(s + 1);
                }
                String busy = share.end();
                // Acknowledges the end, so that no side leaves while the other still needs it.
                side.send(LAST);
                Peer.say(busy);
            }
        }
    }

    /** Measures round trips after a warm-up, and prints their distributions. */
    static void ping(Job job, Transport transport) throws IOException {
        Setup setup = job.setup(THERE);
        long warmup = TimeUnit.MILLISECONDS.toNanos(job.number(Job.WARMUP));
        long millis = TimeUnit.MILLISECONDS.toNanos(job.number(Job.MILLIS));
        int trips = (int) Math.min(MOST_TRIPS, Long.parseLong(job.get(Job.MESSAGES)));
        int[] nanos = new int[trips];
        try (Inlet inlet = transport.inlet(setup.withChannel(BACK));
                Outlet outlet = transport.outlet(setup)) {
            ToAndFro side = new ToAndFro(inlet, outlet, setup.waiting());
            long done = 0;
            long begin = System.nanoTime();
            // The same code as is measured, so that the compiler is done with it.
            do {
                done += side.closed(done + 1, nanos, Math.min(trips, WARMUP_TRIPS), warmup);
            } while (System.nanoTime() - begin < warmup);
            done += side.open(done + 1, trips, warmup / 4, job.number(Job.RATE), new Histogram(3));
            CpuShare share = CpuShare.begin();
            int count = side.closed(done + 1, nanos, trips, millis);
            done += count;
            Histogram atRate = new Histogram(3);
            done += side.open(done + 1, trips, millis, job.number(Job.RATE), atRate);
            String busy = share.end();
            side.send(LAST);
            side.receive(LAST);
            Peer.say(result(nanos, count) + " " + Percentiles.line("r", atRate) + " verified=" + done + " " + busy);
        }
    }

    /** One after the other, until an array is full or a time is over; tells how many. */
    private int closed(long from, int[] nanos, int trips, long most) throws IOException {
        long begin = System.nanoTime();
        long last = begin;
        for (int i = 0; i < trips; i++) {
            send(from + i);
            receive(from + i);
            long now = System.nanoTime();
            nanos[i] = (int) Math.min(Integer.MAX_VALUE, now - last);
            last = now;
            if (now - begin >= most) {
                return i + 1;
            }
        }
        return trips;
    }

    /** At a rate; tells how many. */
    private int open(long from, int trips, long most, int rate, Histogram times) throws IOException {
        long step = TimeUnit.SECONDS.toNanos(1) / rate;
        long begin = System.nanoTime() + step;
        for (int i = 0; i < trips; i++) {
            long intended = begin + i * step;
            // A transport that cannot keep up is told by its times, and need not be waited for.
            if (intended - begin >= most || System.nanoTime() - begin >= 2 * most) {
                return i;
            }
            while (System.nanoTime() - intended < 0) {
                waiting.idle();
            }
            send(from + i);
            receive(from + i);
            times.recordValue(System.nanoTime() - intended);
        }
        return trips;
    }

    private void send(long sequence) throws IOException {
        patience.reset();
        while (!outlet.offer(sequence)) {
            patience.check();
            waiting.idle();
        }
        outlet.flush();
    }

    private void receive(long sequence) throws IOException {
        check.expected = sequence;
        patience.reset();
        while (inlet.poll(check, 1) == 0) {
            patience.check();
            waiting.idle();
        }
    }

    private static String result(int[] nanos, int count) {
        Histogram single = new Histogram(3);
        Histogram batched = new Histogram(4);
        long batch = 0;
        for (int i = 0; i < count; i++) {
            single.recordValue(nanos[i]);
            batch += nanos[i];
            if (i % BATCH == BATCH - 1) {
                batched.recordValue(batch);
                batch = 0;
            }
        }
        return String.format(Locale.ROOT, "trips=%d batched=%.2f %s", count,
                batched.getValueAtPercentile(50) / (double) BATCH, Percentiles.line("p", single));
    }
}

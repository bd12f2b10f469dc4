package org.jvmipc.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jvmipc.benchmarks.transports.Inlet;
import org.jvmipc.benchmarks.transports.Outlet;
import org.jvmipc.benchmarks.transports.Payload;
import org.jvmipc.benchmarks.transports.Sink;
import org.jvmipc.benchmarks.transports.Transport;

/**
 * A receiver that sleeps: how soon it has a message that is sent after it has slept for 1 ms, or what CPU time its
 * process uses while nothing comes. The same as in wake.c.
 */
final class Sleeping {
    /** What the receiver tells for the cost of idling: seconds of CPU time in ten seconds. */
    static final String IDLE = "idle";
    /** What the names of the points of the distribution begin with. */
    static final String PREFIX = "w";
    private static final String CHANNEL = "there";
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /**
     * Wake-ups before those that are measured, in quick succession: with fewer, a JVM would be measured before its
     * compiler has come to an end. A short run has in proportion.
     */
    private static final int MOST_WARMUP = 15_000;
    private static final int WARMUP_FACTOR = 30;
    private static final long WARMUP_PAUSE_NANOS = PAUSE_NANOS / 10;
    /** The JVM's own start-up work is over by then. */
    private static final long SETTLE_MILLIS = 1000;

    private Sleeping() {
    }

    /** Sends a number of messages one by one, then is silent until released, and sends the last one. */
    static void ring(Job job, Transport transport, Release release) throws IOException, InterruptedException {
        int wakings = wakings(job);
        int warmup = warmup(wakings);
        try (Outlet outlet = transport.outlet(job.setup(CHANNEL))) {
            for (int i = 0; i < warmup + wakings; i++) {
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < (i < warmup ? WARMUP_PAUSE_NANOS : PAUSE_NANOS)) {
                    Thread.onSpinWait();
                }
                send(outlet);
            }
            release.isGivenWithin(Long.MAX_VALUE);
            send(outlet);
        }
    }

    private static void send(Outlet outlet) throws IOException {
        // The channel is empty; only one that is not connected yet refuses.
        Patience patience = new Patience();
        while (!outlet.offer(System.nanoTime())) {
            patience.check();
            Thread.onSpinWait();
        }
        outlet.flush();
    }

    private static int wakings(Job job) {
        return Integer.parseInt(job.get(Job.MESSAGES));
    }

    private static int warmup(int wakings) {
        return Math.min(MOST_WARMUP, WARMUP_FACTOR * wakings);
    }

    /** Receives all that, and prints how soon, or what the silence cost. */
    static void sleep(Job job, Transport transport) throws IOException, InterruptedException {
        int wakings = wakings(job);
        Times times = new Times(wakings);
        try (Inlet inlet = transport.inlet(job.setup(CHANNEL))) {
            Peer.say(Peer.READY);
            while (times.count < warmup(wakings) + wakings) {
                inlet.await(times);
            }
            if (wakings > 0) {
                Peer.say(Percentiles.line(PREFIX, times.histogram));
            } else {
                measureIdling(job.number(Job.MILLIS));
            }
            inlet.await(times);
        }
    }

    /** In a thread of its own, as the one that receives shall sleep in its receiving. */
    private static void measureIdling(int millis) {
        Thread thread = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
                long begin = System.nanoTime();
                long before = cpuNanos();
                TimeUnit.MILLISECONDS.sleep(millis);
                double cpu = cpuNanos() - before;
                Peer.say(String.format(Locale.ROOT, "%s=%.6f", IDLE, 10 * cpu / (System.nanoTime() - begin)));
            } catch (InterruptedException | IOException failed) {
                throw new IllegalStateException(failed);
            }
        }, "idling");
        thread.setDaemon(true);
        thread.start();
    }

    /** What all threads of this process have used, of which the JVM itself knows hundredths of a second only. */
    private static long cpuNanos() throws IOException {
        long nanos = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                try {
                    String line = Files.readString(task.resolve("schedstat"));
                    nanos += Long.parseLong(line.substring(0, line.indexOf(' ')));
                } catch (NoSuchFileException ended) {
                    // A thread of the compiler that had nothing to do for long.
                }
            }
        }
        return nanos;
    }

    /** The first words are the times of sending: the clock is the same in all processes of a machine. */
    private static final class Times implements Sink {
        private final Histogram histogram = new Histogram(3);
        private final int warmup;
        private int count;

        Times(int wakings) {
            warmup = warmup(wakings) + wakings / 5;
        }

        @Override
        public void accept(int length, long first, long second, long third, long last) {
            long now = System.nanoTime();
            if (!Payload.isSound(first, length, first, second, third, last)) {
                throw new IllegalStateException("message " + count + " was changed");
            }
            if (count++ >= warmup) {
                histogram.recordValue(Math.max(0, now - first));
            }
        }
    }
}

package org.jvmipc.cli.demo;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** A record goes to the other process and comes back, again and again. */
final class RoundTrips {
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);
    private static final int DIGITS = 3;

    private RoundTrips() {
    }

    /**
     * Sends records and waits for each to come back. The first half warms up.
     *
     * @return how long they took, in nanoseconds
     * @throws IOException if one comes back changed, or the other side ends
     */
    static Histogram measure(Exchange exchange, Load load) throws IOException, InterruptedException {
        Histogram times = new Histogram(LONGEST, DIGITS);
        TestRecord sent = new TestRecord(load.size());
        TestRecord back = new TestRecord(load.size());
        long[] answers = {0};
        long start = System.nanoTime();
        long budget = load.roundTrips().toNanos();
        long before = start;
        for (long number = 0; number < load.messages() && before - start < budget; number++) {
            exchange.out().put(sent.fill(number, 0));
            exchange.out().flush();
            long wanted = number + 1;
            while (answers[0] < wanted) {
                boolean open = exchange.in().take(message -> {
                    if (!back.read(message) || back.number() != answers[0]) {
                        throw new IllegalStateException("round trip " + answers[0] + " came back changed");
                    }
                    answers[0]++;
                });
                if (!open && answers[0] < wanted) {
                    throw new IOException("the other side ended during round trip " + number);
                }
            }
            long now = System.nanoTime();
            if (now - start > budget / 2 || number >= load.messages() / 2) {
                times.recordValue(Math.min(now - before, LONGEST));
            }
            before = now;
        }
        exchange.out().put(sent.fill(answers[0], TestRecord.LAST));
        exchange.out().flush();
        return times;
    }

    /** Sends back what comes, until the last one. */
    static void answer(Exchange exchange, int size, AtomicLong count) throws IOException, InterruptedException {
        Answerer answerer = new Answerer(exchange, size);
        while (answerer.takesMore()) {
            count.lazySet(answerer.answered);
        }
    }

    /** Takes a record, then sends it back. */
    private static final class Answerer {
        private final Exchange exchange;
        private final TestRecord record;
        private boolean came;
        private long answered;

        Answerer(Exchange exchange, int size) {
            this.exchange = exchange;
            this.record = new TestRecord(size);
        }

        /** Waits for bytes; false after the last record. */
        boolean takesMore() throws IOException, InterruptedException {
            came = false;
            boolean open = exchange.in().take(message -> {
                if (!record.read(message)) {
                    throw new IllegalStateException("round trip " + answered + " came changed");
                }
                came = true;
            });
            if (came && record.isLast()) {
                return false;
            }
            if (!open) {
                throw new IOException("the other side ended during round trip " + answered);
            }
            if (came) {
                exchange.out().put(record.fill(record.number(), 0));
                exchange.out().flush();
                answered++;
            }
            return true;
        }
    }
}

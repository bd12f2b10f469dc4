package org.jvmipc.cli.demo;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** A record goes to the other process and comes back, again and again. */
final class RoundTrips {
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);
    private static final int DIGITS = 3;
    /** What the answering side sends first: until it is there, some channels cannot hold a message, others do. */
    private static final long HELLO = -1;

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
        TestRecord record = new TestRecord(load.size());
        Asker asker = new Asker(exchange, load.size());
        asker.await(HELLO);
        long start = System.nanoTime();
        long budget = load.roundTrips().toNanos();
        long before = start;
        long number = 0;
        for (; number < load.messages() && before - start < budget; number++) {
            exchange.out().put(record.fill(number, 0));
            exchange.out().flush();
            asker.await(number);
            long now = System.nanoTime();
            if (now - start > budget / 2 || number >= load.messages() / 2) {
                times.recordValue(Math.min(now - before, LONGEST));
            }
            before = now;
        }
        exchange.out().put(record.fill(number, TestRecord.LAST));
        exchange.out().flush();
        return times;
    }

    /** Waits for what comes back. */
    private static final class Asker {
        private final Exchange exchange;
        private final TestRecord back;
        private long last = HELLO - 1;

        Asker(Exchange exchange, int size) {
            this.exchange = exchange;
            this.back = new TestRecord(size);
        }

        void await(long number) throws IOException, InterruptedException {
            while (last < number) {
                boolean open = exchange.in().take(message -> {
                    if (!back.read(message) || back.number() != last + 1) {
                        throw new IllegalStateException("round trip " + number + " came back changed");
                    }
                    last = back.number();
                });
                if (!open && last < number) {
                    throw new IOException("the other side ended during round trip " + number);
                }
            }
        }
    }

    /** Says hello, then sends back what comes, until the last one. */
    static void answer(Exchange exchange, int size, AtomicLong count) throws IOException, InterruptedException {
        exchange.out().put(new TestRecord(size).fill(HELLO, 0));
        exchange.out().flush();
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

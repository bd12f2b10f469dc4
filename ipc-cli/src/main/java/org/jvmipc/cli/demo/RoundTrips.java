package org.jvmipc.cli.demo;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** A record goes to the other process and comes back, again and again. */
final class RoundTrips {
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);
    private static final int DIGITS = 3;
    /** Fewer records than even a datagram socket holds, so that the two sides never wait for each other. */
    private static final int WINDOW = 8;
    private static final int WINDOW_BYTES = 16 << 10;
    /** What the answering side sends first: until it is there, some channels cannot hold a message, others do. */
    private static final long HELLO = -1;

    private RoundTrips() {
    }

    /**
     * Sends records and waits for each to come back. Warms up first: with several records on the way, so that the
     * compiler sees much of the code soon, then with one.
     *
     * @return how long they took, in nanoseconds
     * @throws IOException if one comes back changed, or the other side ends
     */
    static Histogram measure(Exchange exchange, Load load) throws IOException, InterruptedException {
        Histogram times = new Histogram(LONGEST, DIGITS);
        Asker asker = new Asker(exchange, load.size());
        asker.await(HELLO);
        long budget = load.roundTrips().toNanos();
        long most = load.messages();
        int window = Math.max(1, Math.min(WINDOW, WINDOW_BYTES / load.size()));
        long start = System.nanoTime();
        long before = start;
        while (asker.next < most / 2 && before - start < budget * 2 / 5) {
            asker.ask((int) Math.min(window, most - asker.next));
            before = System.nanoTime();
        }
        while (asker.next < most && before - start < budget) {
            asker.ask(1);
            long now = System.nanoTime();
            if (now - start > budget * 3 / 5 || asker.next > most / 2) {
                times.recordValue(Math.min(now - before, LONGEST));
            }
            before = now;
        }
        asker.send(TestRecord.LAST);
        return times;
    }

    /** Sends, and waits for what comes back. */
    private static final class Asker {
        private final Exchange exchange;
        private final TestRecord record;
        private final TestRecord back;
        private long next;
        private long last = HELLO - 1;

        Asker(Exchange exchange, int size) {
            this.exchange = exchange;
            this.record = new TestRecord(size);
            this.back = new TestRecord(size);
        }

        void ask(int count) throws IOException, InterruptedException {
            for (int i = 0; i < count; i++) {
                send(0);
            }
            await(next - 1);
        }

        void send(int flags) throws IOException, InterruptedException {
            exchange.out().put(record.fill(next++, flags));
            exchange.out().flush();
        }

        void await(long number) throws IOException, InterruptedException {
            while (last < number) {
                boolean open = exchange.in().take(message -> {
                    if (!back.read(message) || back.number() != last + 1) {
                        throw new IllegalStateException("round trip " + (last + 1) + " came back changed");
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

    /** Takes records, then sends them back. */
    private static final class Answerer {
        private final Exchange exchange;
        private final TestRecord record;
        private final long[] came = new long[WINDOW];
        private int count;
        private boolean last;
        private long answered;

        Answerer(Exchange exchange, int size) {
            this.exchange = exchange;
            this.record = new TestRecord(size);
        }

        /** Waits for bytes; false after the last record. */
        boolean takesMore() throws IOException, InterruptedException {
            count = 0;
            boolean open = exchange.in().take(message -> {
                if (!record.read(message)) {
                    throw new IllegalStateException("round trip " + (answered + count) + " came changed");
                }
                last = record.isLast();
                came[count++] = record.number();
            });
            if (last) {
                return false;
            }
            if (!open) {
                throw new IOException("the other side ended during round trip " + answered);
            }
            for (int i = 0; i < count; i++) {
                exchange.out().put(record.fill(came[i], 0));
                exchange.out().flush();
            }
            answered += count;
            return true;
        }
    }
}

package org.jvmipc.cli.demo;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The receiving JVM of a row: sends round trips back, then checks what comes. Started by {@link Producer}. */
public final class Consumer {
    private final Assignment assignment;
    private final Upstream upstream;

    private Consumer(Assignment assignment, Upstream upstream) {
        this.assignment = assignment;
        this.upstream = upstream;
    }

    /**
     * Runs the consumer.
     *
     * @param arguments an assignment
     * @throws Exception if the channel broke
     */
    public static void main(String[] arguments) throws Exception {
        Assignment assignment = Assignment.parse(arguments);
        try (Upstream upstream = new Upstream(assignment::removeOrphanedFiles)) {
            new Consumer(assignment, upstream).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        try {
            String address = upstream.next(RecordOut.PATIENCE);
            try (Incoming incoming = Incoming.open(address, assignment.stream(), assignment.load().size())) {
                answerRoundTrips();
                receive(incoming.in());
            }
        } catch (UnsupportedOperationException e) {
            upstream.tell("skipped " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            upstream.tell("error the consumer failed: " + e);
            throw e;
        }
    }

    private void answerRoundTrips() throws IOException, InterruptedException {
        int size = assignment.load().size();
        AtomicLong count = new AtomicLong();
        List<String> addresses = List.of(upstream.next(RecordOut.PATIENCE).split(" "));
        Ticker ticker = new Ticker(count::get, number -> upstream.tell("progress " + number + " round trips"));
        try (Exchange exchange = Exchange.join(addresses, assignment.stream(), size)) {
            RoundTrips.answer(exchange, size, count);
        } finally {
            ticker.end();
        }
    }

    private void receive(RecordIn in) throws IOException, InterruptedException {
        Verifier verifier = new Verifier(assignment.load().size());
        Ticker ticker = new Ticker(verifier::count, number -> upstream.tell("progress " + number + " messages"));
        try {
            boolean open = true;
            while (open && !verifier.isFinished()) {
                open = in.take(verifier::accept);
            }
        } finally {
            ticker.end();
            upstream.tell("received " + verifier.arrival().toLine());
        }
    }
}

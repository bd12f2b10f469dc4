package org.jvmipc.cli.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The sending JVM of a row. It starts the consumer's JVM itself, as anonymous pipes go from a parent to its child. What
 * it has to tell goes to the standard output, line by line.
 */
public final class Producer {
    private static final int CLOCK_EVERY_BYTES = 64 << 10;
    private static final int CLOCK_EVERY_RECORDS = 64;
    private static final double NANOS_PER_MICRO = 1000;

    private final Assignment assignment;
    private final Upstream upstream;
    private final Process consumer;

    private Producer(Assignment assignment, Upstream upstream, Process consumer) {
        this.assignment = assignment;
        this.upstream = upstream;
        this.consumer = consumer;
    }

    /**
     * Runs the producer.
     *
     * @param arguments an assignment
     * @throws Exception if a message could not be sent
     */
    public static void main(String[] arguments) throws Exception {
        Assignment assignment = Assignment.parse(arguments);
        Process consumer = new ProcessBuilder(ChildCommand.of(Consumer.class, List.of(), arguments))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (Upstream upstream = new Upstream(() -> {
            consumer.destroyForcibly();
            assignment.removeOrphanedFiles();
        })) {
            new Producer(assignment, upstream, consumer).run();
        } finally {
            consumer.destroyForcibly();
        }
    }

    private void run() throws IOException, InterruptedException {
        try {
            // The consumer opens this one first: when it answers, it is there, and nothing is sent to nobody.
            try (Outgoing outgoing = Outgoing.open(assignment)) {
                tellConsumer(outgoing.address().toString());
                try (Exchange exchange = Exchange.offer(assignment, this::tellConsumer)) {
                    tell(RoundTrips.measure(exchange, assignment.load()));
                }
                send(FaultyOut.orSound(outgoing.out()));
            }
        } catch (UnsupportedOperationException e) {
            upstream.tell("skipped " + e.getMessage());
            return;
        } catch (IOException | RuntimeException e) {
            upstream.tell("error the producer failed: " + e);
            throw e;
        }
        if (!consumer.waitFor(RecordOut.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            upstream.tell("error the consumer did not end");
        }
    }

    private void tell(Histogram times) {
        upstream.tell(String.format(Locale.ROOT, "roundtrip %d %.3f %.3f", times.getTotalCount(),
                times.getValueAtPercentile(50) / NANOS_PER_MICRO, times.getValueAtPercentile(99) / NANOS_PER_MICRO));
    }

    private void tellConsumer(String line) {
        try {
            OutputStream to = consumer.getOutputStream();
            to.write((line + '\n').getBytes(StandardCharsets.UTF_8));
            to.flush();
        } catch (IOException e) {
            throw new IllegalStateException("the consumer has ended: " + e.getMessage(), e);
        }
    }

    /** The first quarter, of the messages or of the time, warms up. */
    private void send(RecordOut out) throws IOException, InterruptedException {
        Load load = assignment.load();
        TestRecord record = new TestRecord(load.size());
        int clockEvery = Math.max(1, Math.min(CLOCK_EVERY_RECORDS, CLOCK_EVERY_BYTES / load.size()));
        long budget = load.sending().toNanos();
        long start = System.nanoTime();
        long elapsed = 0;
        long number = 0;
        for (boolean last = false; !last; number++) {
            if (number % clockEvery == 0) {
                elapsed = System.nanoTime() - start;
            }
            last = number + 1 >= load.messages() || elapsed >= budget;
            boolean measured = number >= load.messages() / 4 || elapsed >= budget / 4;
            int flags = (measured ? TestRecord.MEASURED : 0) | (last ? TestRecord.LAST : 0);
            out.put(record.fill(number, flags));
        }
        out.flush();
        upstream.tell("sent " + number);
    }
}

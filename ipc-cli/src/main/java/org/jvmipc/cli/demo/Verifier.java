package org.jvmipc.cli.demo;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sees to it that every message arrives once, unchanged and in order. One thread gives it messages; any may ask for the
 * count.
 */
final class Verifier {
    private final TestRecord record;
    private final AtomicLong count = new AtomicLong();
    private long expected;
    private long lost;
    private long changed;
    private long disordered;
    private long measuredFrom;
    private long startNanos;
    private long endNanos;
    private boolean finished;
    private String firstProblem = "";

    Verifier(int size) {
        record = new TestRecord(size);
    }

    /** Checks the next message. */
    void accept(ByteBuffer message) {
        int length = message.remaining();
        count.lazySet(count.getPlain() + 1);
        if (!record.read(message)) {
            changed++;
            problem("message " + expected + " came changed (" + length + " bytes)");
            expected++;
            return;
        }
        long number = record.number();
        if (number > expected) {
            lost += number - expected;
            problem("message " + expected + " is missing: message " + number + " came instead");
        } else if (number < expected) {
            disordered++;
            problem("message " + number + " came late or twice: message " + expected + " was expected");
        }
        expected = Math.max(expected, number + 1);
        time();
    }

    private void time() {
        if (startNanos == 0 && record.isMeasured()) {
            startNanos = System.nanoTime();
            measuredFrom = count.getPlain();
        }
        if (record.isLast()) {
            endNanos = System.nanoTime();
            finished = true;
        }
    }

    private void problem(String what) {
        if (firstProblem.isEmpty()) {
            firstProblem = what;
        }
    }

    /** Whether the message that is marked as the last one has come. */
    boolean isFinished() {
        return finished;
    }

    long count() {
        return count.get();
    }

    /** What was found, once all is over; the first measured message starts the clock and is not counted. */
    Arrival arrival() {
        long measured = finished && startNanos != 0 ? count.getPlain() - measuredFrom : 0;
        return new Arrival(count.getPlain(), finished, measured, endNanos - startNanos,
                new Faults(lost, changed, disordered, firstProblem));
    }
}

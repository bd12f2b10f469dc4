package org.jvmipc.benchmarks;

import java.util.concurrent.TimeUnit;

/** One side of a measurement, in a JVM of its own; started by {@link JavaSide}. */
final class Peer {
    /** What a side prints when the other one may be started. */
    static final String READY = "ready";

    private Peer() {
    }

    /**
     * Runs a side.
     *
     * @param args the role and what it wants
     */
    public static void main(String[] args) {
        switch (args[0]) {
            case "produce" -> Throughput.produce(args[1]);
            case "consume" -> Throughput.consume(args[1], nanos(args[2]), nanos(args[3]));
            case "ping" -> RoundTrip.ping(args[1], args[2], nanos(args[3]), Integer.parseInt(args[4]));
            case "pong" -> RoundTrip.pong(args[1], args[2]);
            default -> throw new IllegalArgumentException("role \"" + args[0]
                    + "\" is unknown; there are produce, consume, ping and pong");
        }
    }

    private static long nanos(String millis) {
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }

    /** Prints a line to whoever started this side. */
    static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}

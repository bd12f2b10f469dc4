package org.jvmipc.benchmarks;

import java.io.IOException;
import org.jvmipc.benchmarks.transports.Transport;
import org.jvmipc.benchmarks.transports.Transports;

/** One side of a measurement, in a JVM of its own; started by {@link JavaContestant}. */
final class Child {
    private Child() {
    }

    /**
     * Does what it is told.
     *
     * @param args a {@link Job}
     * @throws IOException if the transport fails
     * @throws InterruptedException never, as nobody interrupts
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        // Some libraries leave threads behind that are no daemons, and would keep the JVM after a failure.
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            failure.printStackTrace();
            System.exit(1);
        });
        Job job = Job.parse(args);
        Transport transport = Transports.byName(job.get(Job.TRANSPORT));
        Release release = Release.await();
        switch (job.role()) {
            case PRODUCE -> OneWay.produce(job, transport, release);
            case CONSUME -> OneWay.consume(job, transport, release);
            case PING -> ToAndFro.ping(job, transport);
            case PONG -> ToAndFro.pong(job, transport);
            default -> throw new IllegalArgumentException("role " + job.role() + " is unknown");
        }
        System.exit(0);
    }
}

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
        Release release = Release.await();
        switch (job.role()) {
            case PRODUCE -> OneWay.produce(job, transport(job), release);
            case CONSUME -> OneWay.consume(job, transport(job), release);
            case PING -> ToAndFro.ping(job, transport(job));
            case PONG -> ToAndFro.pong(job, transport(job));
            case RING -> Sleeping.ring(job, transport(job), release);
            case SLEEP -> Sleeping.sleep(job, transport(job));
            case COPY -> Copying.copy(job);
            default -> throw new AssertionError(job.role());
        }
        System.exit(0);
    }

    private static Transport transport(Job job) {
        return Transports.byName(job.get(Job.TRANSPORT));
    }
}

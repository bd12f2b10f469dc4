package org.jvmipc.demos.fan;

import java.util.concurrent.CountDownLatch;
import org.jvmipc.Codec;
import org.jvmipc.TypedSender;
import org.jvmipc.process.ProcessContext;

/** Sends the jobs. */
final class Jobs {
    private Jobs() {
    }

    /** What is to be done: find the largest prime below a number. */
    record Job(int number, int below) {
        private static final int FIRST = 100_000_000;
        private static final int STEP = 1000;

        static Job of(int number) {
            return new Job(number, FIRST + number * STEP);
        }

        /** By division, so that there is something to do. */
        int solve() {
            int candidate = below - 1;
            while (!isPrime(candidate)) {
                candidate--;
            }
            return candidate;
        }

        private static boolean isPrime(int number) {
            for (int divisor = 2; (long) divisor * divisor <= number; divisor++) {
                if (number % divisor == 0) {
                    return false;
                }
            }
            return number > 1;
        }
    }

    public static void main(String[] args) throws InterruptedException {
        int jobs = Integer.parseInt(args[0]);
        CountDownLatch workers = new CountDownLatch(Integer.parseInt(args[1]));
        try (TypedSender<Job> out = ProcessContext.current().sender("worker", Codec.ofRecord(Job.class))) {
            // Nobody is to have done all jobs before the others have come.
            out.onPeer(event -> workers.countDown());
            workers.await();
            for (int i = 0; i < jobs; i++) {
                out.send(Job.of(i));
            }
        }
    }
}

package org.jvmipc.demos.fan;

import org.jvmipc.demos.Demos;
import org.jvmipc.process.GroupEnd;
import org.jvmipc.process.ProcessGroup;
import org.jvmipc.process.Program;
import org.jvmipc.process.Restart;

/**
 * Fan-out and fan-in: three workers share the jobs of one process, and one process collects their results.
 *
 * <pre>
 *            ┌─→ worker-1 ─┐
 * jobs ──────┼─→ worker-2 ─┼──→ results
 *            └─→ worker-3 ─┘
 * </pre>
 *
 * <p>Who is free takes the next job. One worker is killed with a job in hand, which comes to another one.
 */
public final class Fan {
    private static final int WORKERS = 3;
    private static final int DEFAULT_JOBS = 600;
    private static final int MOST_JOBS = 100_000;
    private static final String USAGE = """
            Usage: ipc run fan [JOBS]
            Has three processes look for the largest primes below JOBS numbers (else 600). The second one is killed by
            KILL with its third job in hand, and started again. Fails if a result is missing or wrong.""";

    private Fan() {
    }

    /**
     * Runs it.
     *
     * @param args how many jobs
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        int jobs = Demos.number(args, 0, "JOBS", DEFAULT_JOBS, MOST_JOBS);
        try (ProcessGroup group = ProcessGroup.builder()
                .process("jobs", Program.of(Jobs.class).args(jobs, WORKERS))
                .process("worker", Program.of(Worker.class).count(WORKERS).restart(Restart.onFailure()))
                .process("results", Program.of(Results.class).args(jobs))
                .join("jobs", "worker", "shm:?capacity=4k")
                .join("worker", "results")
                .jvmArgs(Demos.SMALL)
                .listener(System.out::println)
                .start()) {
            GroupEnd end = group.await();
            if (!end.isClean()) {
                throw new IllegalStateException(end.failure().orElseThrow());
            }
        }
    }
}

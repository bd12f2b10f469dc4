package org.jvmipc.demos.fan;

import org.jvmipc.Codec;
import org.jvmipc.TypedSender;
import org.jvmipc.demos.fan.Jobs.Job;
import org.jvmipc.process.ProcessContext;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.Signals;

/** Does jobs. */
final class Worker {
    private static final int LAST_OF_FIRST_LIFE = 3;

    private Worker() {
    }

    /** What came of a job. */
    record Result(int number, int prime, String worker) { }

    public static void main(String[] args) throws InterruptedException {
        ProcessContext context = ProcessContext.current();
        boolean isKilled = context.name().equals("worker-2") && context.start() == 1;
        Codec<Job> jobs = Codec.ofRecord(Job.class);
        int[] taken = new int[1];
        try (TypedSender<Result> out = context.sender("results", Codec.ofRecord(Result.class))) {
            context.forEach(message -> {
                if (++taken[0] == LAST_OF_FIRST_LIFE && isKilled) {
                    Signals.kill(ProcessHandle.current().pid(), Signal.KILL);
                }
                Job job = jobs.decode(message);
                out.send(new Result(job.number(), job.solve(), context.name()));
            });
        }
    }
}

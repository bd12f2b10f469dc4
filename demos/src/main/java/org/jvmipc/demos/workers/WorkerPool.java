package org.jvmipc.demos.workers;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.demos.Demos;
import org.jvmipc.mq.GroupConsumer;
import org.jvmipc.mq.GroupStatus;

/** Three processes share the work of a queue on disk, one of them is killed in the middle, and nothing is lost. */
public final class WorkerPool {
    private static final String USAGE = """
            Usage: ipc run worker-pool [JOBS]
            JOBS jobs (1 to 100000; else 300) are put into a queue on disk. Three processes compete for them. One is
            killed in the middle, as by kill -9: the job that it had goes to another. Fails if a job is not done.""";
    private static final int DEFAULT_JOBS = 300;
    private static final int MOST_JOBS = 100_000;
    private static final int WORKERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private WorkerPool() {
    }

    /**
     * Runs it.
     *
     * @param args how many jobs there are
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        int jobs = Demos.number(args, 0, "JOBS", DEFAULT_JOBS, MOST_JOBS);
        Path directory = Demos.directory();
        String work = "queue:" + directory.resolve("jobs");
        String results = "queue:" + directory.resolve("results");
        List<Process> workers = new ArrayList<>();
        try (Sender sender = Ipc.sender(work); Receiver done = Ipc.receiver(results);
                GroupConsumer watcher = GroupConsumer.open(work + "?group=pool")) {
            for (int i = 0; i < jobs; i++) {
                sender.send(StandardCharsets.UTF_8.encode("job " + i));
            }
            for (int i = 0; i < WORKERS; i++) {
                workers.add(Demos.start(Worker.class, work + "?group=pool", results));
            }
            TreeSet<String> finished = new TreeSet<>();
            while (finished.size() < jobs) {
                String[] result = done.receive(PATIENCE).text().split(",");
                finished.add(result[0]);
                if (finished.size() == jobs / WORKERS + 1 && workers.get(0).isAlive()) {
                    workers.get(0).destroyForcibly().waitFor();
                    Demos.say("killed worker %d, with a job in hand or not", workers.get(0).pid());
                }
            }
            GroupStatus status = watcher.status();
            Demos.say("%,d jobs, %,d of them done, %d delivered again", jobs, finished.size(), status.redelivered());
        } finally {
            workers.forEach(Process::destroyForcibly);
            for (Process worker : workers) {
                worker.waitFor();
            }
        }
    }
}

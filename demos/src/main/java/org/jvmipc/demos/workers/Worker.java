package org.jvmipc.demos.workers;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;
import org.jvmipc.mq.Delivery;
import org.jvmipc.mq.GroupConsumer;

/** Does one job after the other, and acknowledges each when its result is safe. */
final class Worker {
    private static final long WORK_NANOS = 2_000_000;

    private Worker() {
    }

    public static void main(String[] args) throws InterruptedException {
        try (GroupConsumer jobs = GroupConsumer.open(args[0]); Sender results = Ipc.sender(args[1])) {
            while (true) {
                try (Delivery job = jobs.receive()) {
                    LockSupport.parkNanos(WORK_NANOS);
                    results.send(StandardCharsets.UTF_8.encode(job.text() + "," + ProcessHandle.current().pid()));
                    job.ack();
                }
            }
        }
    }
}

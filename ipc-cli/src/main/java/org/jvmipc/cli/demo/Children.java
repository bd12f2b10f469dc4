package org.jvmipc.cli.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The processes of a run, one producer at a time with its consumer. Once the run is to end, none is started. */
final class Children {
    private static final long REAP_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long HOOK_MILLIS = 500;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private Process current;

    /** Starts a producer; null if the run is to end. */
    synchronized Process start(ProcessBuilder builder) throws IOException {
        if (stopping.getCount() == 0) {
            return null;
        }
        current = builder.start();
        return current;
    }

    /** Kills what still runs, and starts nothing any more. */
    void stop() {
        stopping.countDown();
        kill();
    }

    /** Kills the producer and the consumer, if they still run, and waits until they are gone. */
    synchronized void kill() {
        if (current == null) {
            return;
        }
        List<ProcessHandle> all = new ArrayList<>(current.descendants().toList());
        all.add(current.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        long deadline = System.nanoTime() + REAP_NANOS;
        while (!all.stream().allMatch(Processes::isGone)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("these processes do not end: "
                        + all.stream().filter(process -> !Processes.isGone(process)).map(ProcessHandle::pid).toList());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        current = null;
    }

    /**
     * Whether the run is to end. Ctrl-C reaches the children as soon as this process; so a child that was ended by a
     * signal is waited for a moment whether the same happens here.
     */
    boolean isStopping(int childsExit) throws InterruptedException {
        boolean signalled = childsExit == Exit.INTERRUPTED || childsExit == Exit.TERMINATED;
        return stopping.await(signalled ? HOOK_MILLIS : 0, TimeUnit.MILLISECONDS);
    }
}

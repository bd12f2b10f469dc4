package org.jvmipc.demos.readers;

import java.util.concurrent.locks.LockSupport;
import org.jvmipc.demos.Demos;

/** Writes from time to time. */
final class Writer {
    private static final long PAUSE_NANOS = 100_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private Writer() {
    }

    public static void main(String[] args) throws InterruptedException {
        int times = Integer.parseInt(args[3]);
        try (Page page = new Page(args[0], Boolean.parseBoolean(args[1]))) {
            page.awaitReaders(Integer.parseInt(args[4]));
            long longest = 0;
            for (int i = 0; i < times; i++) {
                long start = System.nanoTime();
                page.change();
                longest = Math.max(longest, System.nanoTime() - start);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            page.writerIsDone();
            Demos.say("  writer %s (pid %d) wrote %,d times, one change took %.1f ms at most", args[2],
                    ProcessHandle.current().pid(), times, longest / NANOS_PER_MILLI);
        }
    }
}

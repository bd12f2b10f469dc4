package org.jvmipc.demos.cachelines;

import java.nio.ByteBuffer;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.SharedBarrier;

/** Counts in its word for a while, at the same time as the other. */
final class Counter {
    private static final int BATCH = 1000;

    private Counter() {
    }

    public static void main(String[] args) throws InterruptedException, BrokenBarrierException {
        int process = Integer.parseInt(args[1]);
        long nanos = TimeUnit.MILLISECONDS.toNanos(Integer.parseInt(args[2]));
        try (SharedSegment segment = SharedSegment.posix(args[0]).open();
                SharedBarrier barrier = SharedBarrier.named(args[0] + "-start", FalseSharing.PROCESSES)) {
            ByteBuffer notes = segment.buffer();
            for (int round = 0; round < FalseSharing.ROUNDS; round++) {
                for (int layout = 0; layout < FalseSharing.LAYOUTS; layout++) {
                    int note = FalseSharing.note(process, layout, round);
                    SharedLong word = segment.longAt(FalseSharing.word(process, layout));
                    barrier.await();
                    boolean idle = layout == FalseSharing.ALONE && process > 0;
                    long start = System.nanoTime();
                    notes.putLong(note, idle ? 0 : count(word, start + nanos));
                    notes.putLong(note + Long.BYTES, System.nanoTime() - start);
                }
            }
        }
    }

    private static long count(SharedLong word, long end) {
        long count = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < BATCH; i++) {
                word.getAndAdd(1);
            }
            count += BATCH;
        }
        return count;
    }
}

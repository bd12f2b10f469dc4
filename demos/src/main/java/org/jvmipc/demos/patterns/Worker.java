package org.jvmipc.demos.patterns;

import java.util.concurrent.BrokenBarrierException;
import org.jvmipc.demos.Demos;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.SharedBarrier;

/** Computes some of the rows. */
final class Worker {
    private static final double NANOS = 1e9;

    private Worker() {
    }

    public static void main(String[] args) throws InterruptedException, BrokenBarrierException {
        String name = args[0];
        int size = Integer.parseInt(args[1]);
        int steps = Integer.parseInt(args[2]);
        int from = Integer.parseInt(args[3]);
        int to = Integer.parseInt(args[4]);
        int parties = Integer.parseInt(args[5]);
        try (SharedSegment segment = SharedSegment.posix(name).open();
                SharedBarrier barrier = parties == 0 ? null : SharedBarrier.named(name + "-step", parties)) {
            Field field = new Field(size, segment.buffer());
            await(barrier);
            long waited = 0;
            long start = System.nanoTime();
            for (int time = 0; time < steps; time++) {
                field.step(time, from, to);
                long computed = System.nanoTime();
                await(barrier);
                waited += System.nanoTime() - computed;
            }
            Demos.say("  pid %d computed rows %d to %d in %.2f s, %.2f s of that at the barrier",
                    ProcessHandle.current().pid(), from, to - 1, (System.nanoTime() - start) / NANOS, waited / NANOS);
        }
    }

    private static void await(SharedBarrier barrier) throws InterruptedException, BrokenBarrierException {
        if (barrier != null) {
            barrier.await();
        }
    }
}

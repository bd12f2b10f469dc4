package org.jvmipc.shm.sync;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A process that waits at things to synchronize by, as {@link PrimitivesTwoJvmTest} wants it. */
final class PrimitivePeer implements Peer {
    @Override
    public void run(PeerContext context) throws Exception {
        switch (context.arg(0)) {
            case "semaphore":
                semaphore(context, context.arg(1));
                break;
            case "ends":
                ends(context, context.arg(1));
                break;
            case "hopeless":
                hopeless(context, context.arg(1));
                break;
            case "latch":
                latch(context, context.arg(1));
                break;
            case "event":
                event(context, context.arg(1));
                break;
            case "barrier":
                barrier(context, context.arg(1));
                break;
            case "party":
                party(context, context.arg(1));
                break;
            case "action":
                action(context, context.arg(1));
                break;
            case "write":
                write(context, context.arg(1));
                break;
            case "sysv":
                sysv(context);
                break;
            default:
                throw new IllegalArgumentException(context.arg(0));
        }
    }

    /** Takes so many permits, and gives them back so often. */
    private static void semaphore(PeerContext context, String name) throws Exception {
        int count = Integer.parseInt(context.arg(2));
        int rounds = Integer.parseInt(context.arg(3));
        try (SharedSemaphore semaphore = SharedSemaphore.open(name)) {
            context.say("waits");
            for (int i = 0; i < rounds; i++) {
                semaphore.acquire(count);
                if (i == 0) {
                    context.say("has");
                }
                if (rounds == 1) {
                    context.hear();
                }
                semaphore.release(count);
            }
            context.say("gave back");
            context.hear();
        }
    }

    /** Has permits of some semaphores, and takes and gives back others as fast as it can, when the process ends. */
    private static void ends(PeerContext context, String name) throws Exception {
        int count = Integer.parseInt(context.arg(2));
        for (int i = 0; i < count; i++) {
            SharedSemaphore semaphore = SharedSemaphore.open(name + i);
            semaphore.acquire(2);
            start(() -> {
                while (true) {
                    semaphore.acquire();
                    semaphore.release();
                }
            });
            if (i % 4 == 0) {
                start(() -> {
                    semaphore.acquire(5);
                    return null;
                });
            }
        }
        context.say("at work");
        context.hear();
        System.exit(Integer.parseInt(context.arg(3)));
    }

    private static void start(Callable<Void> work) {
        Thread thread = new Thread(() -> {
            try {
                work.call();
            } catch (ChannelClosedException late) {
                // The process ends.
                return;
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        thread.start();
    }

    /** Queues for more than there ever is, again and again. */
    private static void hopeless(PeerContext context, String name) throws Exception {
        int count = Integer.parseInt(context.arg(2));
        try (SharedSemaphore semaphore = SharedSemaphore.open(name)) {
            for (long i = 0; !semaphore.tryAcquire(count, i % 1_000, TimeUnit.MICROSECONDS); i++) {
                if (i == 100) {
                    context.say("tries");
                }
            }
            context.say("has what it cannot have");
        }
    }

    private static void latch(PeerContext context, String name) throws Exception {
        try (SharedCountDownLatch latch = SharedCountDownLatch.open(name)) {
            latch.countDown();
            context.say("waits");
            latch.await();
            context.say("passed at " + latch.getCount());
            context.hear();
        }
    }

    /** Waits for an event that resets itself. */
    private static void event(PeerContext context, String name) throws Exception {
        try (SharedEvent event = SharedEvent.auto(name)) {
            context.say("waits");
            event.await();
            context.say("passed");
            context.hear();
        }
    }

    private static void barrier(PeerContext context, String name) throws Exception {
        int parties = Integer.parseInt(context.arg(2));
        int rounds = Integer.parseInt(context.arg(3));
        try (SharedBarrier barrier = SharedBarrier.named(name, parties)) {
            context.say("waits");
            try {
                for (int i = 0; i < rounds; i++) {
                    barrier.await();
                }
                context.say("passed");
            } catch (BrokenBarrierException broken) {
                context.say("broken at " + System.currentTimeMillis());
            }
            context.hear();
        }
    }

    /** Opens a barrier, comes so often, and then no more. */
    private static void party(PeerContext context, String name) throws Exception {
        SharedBarrier barrier = SharedBarrier.named(name, Integer.parseInt(context.arg(2)));
        for (int i = 0; i < Integer.parseInt(context.arg(3)); i++) {
            barrier.await();
        }
        context.say("stays away");
        if ("close".equals(context.hear())) {
            barrier.close();
            context.say("closed");
            context.hear();
        }
        System.exit(0);
    }

    /** Comes last, and dies in the action. */
    private static void action(PeerContext context, String name) throws Exception {
        int parties = Integer.parseInt(context.arg(2));
        SharedBarrier barrier = SharedBarrier.named(name, parties, () -> {
            context.say("acts");
            try {
                context.hear();
            } catch (InterruptedException ended) {
                throw new IllegalStateException(ended);
            }
        });
        barrier.await();
        context.say("has acted");
    }

    /** Writes records without end. */
    private static void write(PeerContext context, String name) {
        try (SharedAtomicReference<SharedAtomicsTest.Four> reference =
                SharedAtomicReference.named(name, SharedAtomicsTest.codec())) {
            context.say("writes");
            while (true) {
                reference.updateAndGet(four -> SharedAtomicsTest.Four.of(four.a() + 1));
            }
        }
    }

    /** Takes what the kernel takes back when this process ends. */
    private static void sysv(PeerContext context) throws Exception {
        SysvSemaphoreSet set = SysvSemaphoreSet.open(Integer.parseInt(context.arg(1)));
        set.perform(SysvSemaphoreSet.Step.take(0, 2).undone());
        context.say("has");
        context.hear();
    }
}

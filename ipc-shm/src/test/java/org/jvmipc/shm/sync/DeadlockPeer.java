package org.jvmipc.shm.sync;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A process that takes two locks, as {@link DeadlockTwoJvmTest} wants it. */
final class DeadlockPeer implements Peer {
    static final Duration PERIOD = Duration.ofMillis(10);

    @Override
    public void run(PeerContext context) throws Exception {
        String prefix = context.arg(1);
        int number = Integer.parseInt(context.arg(2));
        int count = Integer.parseInt(context.arg(3));
        SharedReentrantLock[] forks = new SharedReentrantLock[count];
        try {
            for (int i = 0; i < count; i++) {
                forks[i] = SharedReentrantLock.named(prefix + "fork" + i);
            }
            if (context.arg(0).equals("dine")) {
                dine(context, prefix, forks[number], forks[(number + 1) % count]);
            } else {
                inOrder(context, forks, number);
            }
        } finally {
            for (SharedReentrantLock fork : forks) {
                if (fork != null) {
                    fork.close();
                }
            }
        }
    }

    /** Takes the first when told, and the second when told, until told to end. */
    private static void dine(PeerContext context, String prefix, SharedReentrantLock first, SharedReentrantLock second)
            throws InterruptedException {
        AtomicInteger told = new AtomicInteger();
        boolean detects = context.parameter("detects", "true").equals("true");
        DeadlockDetector detector = detects ? new DeadlockDetector(Deadlocks.named(prefix).scan(), PERIOD,
                DeadlockPolicy.BREAK, deadlock -> told.incrementAndGet()) : null;
        while (context.hear().equals("first")) {
            first.lock();
            context.say("has");
            context.hear();
            String end = "ate";
            try {
                second.lock();
                second.unlock();
            } catch (DeadlockException chosen) {
                end = "gave way";
            }
            first.unlock();
            context.say(end);
        }
        if (detector != null) {
            detector.close();
        }
        context.say("told " + told.get());
    }

    /** Takes two different ones again and again, the lower first, until told to end. */
    private static void inOrder(PeerContext context, SharedReentrantLock[] forks, int seed) throws Exception {
        AtomicBoolean ends = new AtomicBoolean();
        FutureTask<Integer> work = new FutureTask<>(() -> takeTwo(forks, seed, ends));
        new Thread(work).start();
        context.say("begins");
        context.hear();
        ends.set(true);
        context.say("done " + work.get());
    }

    private static int takeTwo(SharedReentrantLock[] forks, int seed, AtomicBoolean ends) {
        Random random = new Random(seed);
        int rounds = 0;
        while (!ends.get()) {
            int low = random.nextInt(forks.length - 1);
            int high = low + 1 + random.nextInt(forks.length - 1 - low);
            forks[low].lock();
            forks[high].lock();
            forks[low].lock();
            forks[low].unlock();
            forks[high].unlock();
            forks[low].unlock();
            rounds++;
        }
        return rounds;
    }
}

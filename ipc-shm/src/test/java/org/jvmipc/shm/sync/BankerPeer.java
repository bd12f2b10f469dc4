package org.jvmipc.shm.sync;

import java.util.Random;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A customer of a banker, as {@link BankerTest} wants it. */
final class BankerPeer implements Peer {
    static final long[] TOTAL = {5, 3};

    @Override
    public void run(PeerContext context) throws Exception {
        try (Banker banker = Banker.named(context.arg(1), TOTAL)) {
            switch (context.arg(0)) {
                case "hold":
                    banker.claim(TOTAL);
                    banker.acquire(4, 1);
                    context.say("holds");
                    context.hear();
                    banker.release(4, 1);
                    break;
                case "work":
                    context.say("begins");
                    work(banker, context.arg(2), Integer.parseInt(context.arg(3)), Integer.parseInt(context.arg(4)));
                    context.say("done");
                    break;
                default:
                    throw new IllegalArgumentException(context.arg(0));
            }
        }
    }

    /** Takes all of a random claim in random steps, again and again, and notes beside it what is in use. */
    static void work(Banker banker, String data, int seed, int rounds) throws InterruptedException {
        Random random = new Random(seed);
        try (SharedSegment memory = SharedSegment.posix(data).openOrCreate(64)) {
            SharedLong[] used = {memory.longAt(0), memory.longAt(8)};
            for (int round = 0; round < rounds; round++) {
                long[] claim = {random.nextLong(TOTAL[0] + 1), random.nextLong(TOTAL[1] + 1)};
                long[] held = new long[2];
                banker.claim(claim);
                while (held[0] < claim[0] || held[1] < claim[1]) {
                    long[] more = {random.nextLong(claim[0] - held[0] + 1), random.nextLong(claim[1] - held[1] + 1)};
                    banker.acquire(more);
                    for (int type = 0; type < 2; type++) {
                        held[type] += more[type];
                        if (used[type].addAndGet(more[type]) > TOTAL[type]) {
                            throw new AssertionError("more of type " + type + " is in use than there is");
                        }
                    }
                }
                for (int type = 0; type < 2; type++) {
                    used[type].addAndGet(-held[type]);
                }
                banker.release(held);
            }
        }
    }
}

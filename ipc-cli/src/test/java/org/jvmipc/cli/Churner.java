package org.jvmipc.cli;

import java.util.List;
import java.util.Random;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A process that opens and leaves objects again and again, until it is killed at whatever it is just doing. */
final class Churner implements Peer {
    private static final int OPEN = 10;

    @Override
    public void run(PeerContext context) throws Exception {
        Random random = new Random(Long.parseLong(context.arg(2)));
        List<AutoCloseable> open = Owner.open(context.arg(0), 4);
        open.add(SharedSegment.posix(context.arg(1)).openOrCreate(64));
        context.say("open");
        for (int i = 0; ; i++) {
            open.addAll(Owner.open(context.arg(0) + "-" + i, 4));
            while (open.size() > OPEN) {
                open.remove(random.nextInt(open.size())).close();
            }
        }
    }
}

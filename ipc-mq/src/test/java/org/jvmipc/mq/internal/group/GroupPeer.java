package org.jvmipc.mq.internal.group;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.jvmipc.WaitStrategy;
import org.jvmipc.spi.Waiter;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A consumer in a process of its own: directory, log, size of the log, journal. */
final class GroupPeer implements Peer {
    static final int WINDOW = 16;
    private static final Duration SLICE = Duration.ofMillis(50);

    static Group open(Path directory, TestLog log) {
        return Group.open(new GroupSettings(directory, "g", WINDOW, true, -1, Duration.ZERO, Duration.ZERO, false),
                log, null, log::firstIndex);
    }

    @Override
    public void run(PeerContext context) throws Exception {
        int messages = Integer.parseInt(context.arg(2));
        TestLog log = TestLog.inFile(Path.of(context.arg(1)), messages);
        Journal journal = Journal.open(Path.of(context.arg(3)), 4 * messages);
        Random random = new Random(context.arg(3).hashCode());
        Waiter waiter = new Waiter(WaitStrategy.ADAPTIVE);
        int[] number = new int[1];
        try (Group group = open(Path.of(context.arg(0)), log)) {
            GroupReadiness readiness = group.readiness();
            context.say("ready");
            boolean stops = false;
            while (true) {
                Claim claim = group.take();
                if (claim == null && stops && group.numbers().depth() == 0) {
                    break;
                }
                if (claim == null) {
                    waiter.await(readiness, Waiter.deadline(SLICE));
                    group.lookAfterTheDead();
                    stops |= context.hear(Duration.ZERO) != null;
                    continue;
                }
                group.read(claim, message -> number[0] = message.getInt(message.position()));
                journal.add(Journal.Act.TOOK, number[0], claim.deliveries());
                if (random.nextInt(100) == 0) {
                    group.giveBack(claim, random.nextBoolean() ? null : Duration.ofMillis(random.nextInt(20)));
                    journal.add(Journal.Act.GAVE_BACK, number[0], claim.deliveries());
                } else {
                    boolean mine = group.acknowledge(claim);
                    journal.add(mine ? Journal.Act.ACKNOWLEDGED : Journal.Act.WAS_TOO_LATE, number[0],
                            claim.deliveries());
                }
            }
        }
        context.say("done");
    }
}

package org.jvmipc.shm;

import java.time.Duration;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** The other process of a test of segments; its first argument says what it does, its second one is a name. */
final class SegmentPeer implements Peer {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Override
    public void run(PeerContext context) throws Exception {
        switch (context.arg(0)) {
            case "echo" -> echo(context, SharedSegment.posix(context.arg(1)).open());
            default -> throw new IllegalArgumentException(context.arg(0));
        }
    }

    /** Adds one to what it finds in the word at 0 and puts it into the one at 64, until it finds a negative number. */
    static void echo(PeerContext context, SharedSegment opened) throws InterruptedException {
        try (SharedSegment segment = opened) {
            SharedLong there = segment.longAt(0);
            SharedLong back = segment.longAt(64);
            context.say("open " + segment.generation() + " " + segment.size());
            long last = 0;
            while (last >= 0) {
                long before = last;
                last = there.await(value -> value != before, LONG);
                back.set(last + 1);
            }
            context.say("text " + segment.buffer().getInt(128));
        }
    }
}

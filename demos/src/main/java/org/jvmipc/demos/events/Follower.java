package org.jvmipc.demos.events;

import java.nio.charset.StandardCharsets;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** Comes late, reads what there is, and follows. */
final class Follower {
    private Follower() {
    }

    public static void main(String[] args) throws InterruptedException {
        int all = Integer.parseInt(args[2]);
        int old = Integer.parseInt(args[3]);
        try (Receiver receiver = Ipc.receiver(args[0]); Sender answers = Ipc.sender(args[1])) {
            for (int i = 0; i < all; i++) {
                EventLog.check(receiver, i);
                if (i + 1 == old || i + 1 == all) {
                    answers.send(StandardCharsets.UTF_8.encode("the late reader has replayed "
                            + String.format("%,d events%s", i + 1,
                                    i + 1 == all ? ", the last ones as they came" : "")));
                }
            }
        }
    }
}

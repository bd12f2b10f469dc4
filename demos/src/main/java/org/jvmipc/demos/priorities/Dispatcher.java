package org.jvmipc.demos.priorities;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;
import org.jvmipc.demos.Demos;
import org.jvmipc.mq.PosixQueues;

/** Sends what comes in, the least urgent first. */
final class Dispatcher {
    static final List<Call> MESSAGES = List.of(new Call(1, "monthly report"), new Call(1, "weekly report"),
            new Call(5, "disk 80 % full"), new Call(1, "daily report"), new Call(9, "door is open"),
            new Call(5, "disk 90 % full"));

    /** A message and how urgent it is. */
    record Call(int priority, String text) {
    }

    private Dispatcher() {
    }

    public static void main(String[] args) throws InterruptedException {
        try (Sender sender = Ipc.sender(args[0])) {
            for (Call call : MESSAGES) {
                PosixQueues.setPriority(sender, call.priority());
                sender.send(StandardCharsets.UTF_8.encode(call.text()));
                Demos.say("  sent, priority %d: %s", call.priority(), call.text());
            }
        }
    }
}

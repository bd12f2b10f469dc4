package org.jvmipc.demos.priorities;

import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.Message;
import org.jvmipc.Receiver;
import org.jvmipc.demos.Crew;
import org.jvmipc.demos.Demos;

/** The urgent first: what is received from a queue of the kernel comes by its priority, not by its age. */
public final class Priorities {
    private static final String USAGE = """
            Usage: ipc run priorities
            A process sends six messages to a queue of the kernel (posixmq:), the least urgent first, and ends. Then
            another one receives them: the most urgent come first, those of one priority in their order.""";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Priorities() {
    }

    /**
     * Runs it.
     *
     * @param args none
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        String address = "posixmq:" + Demos.name("priorities");
        try (Receiver receiver = Ipc.receiver(address); Crew crew = new Crew()) {
            crew.start(Dispatcher.class, address);
            // What was sent stays in the kernel, also when its sender has ended.
            crew.join();
            int before = Integer.MAX_VALUE;
            for (int i = 0; i < Dispatcher.MESSAGES.size(); i++) {
                Message message = receiver.receive(PATIENCE).message();
                Demos.say("  received, priority %d: %s", message.priority(), message.text());
                if (message.priority() > before) {
                    throw new IllegalStateException("a message came after one that is less urgent");
                }
                before = message.priority();
            }
        }
    }
}

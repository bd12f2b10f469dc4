package org.jvmipc.cli;

import org.jvmipc.EndOfChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A process that consumes until the channel ends. */
final class Consumer implements Peer {
    @Override
    public void run(PeerContext context) throws Exception {
        try (Receiver receiver = Ipc.receiver(context.arg(0))) {
            context.say("open");
            while (receiver.receive().isMessage()) {
                continue;
            }
        } catch (EndOfChannelException end) {
            context.say("end");
        }
    }
}

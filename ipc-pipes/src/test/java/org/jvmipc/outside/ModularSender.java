package org.jvmipc.outside;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** Sends through each address that it hears, and tells in which module the toolkit is. In a package of no module. */
public final class ModularSender implements Peer {
    @Override
    public void run(PeerContext context) throws Exception {
        context.say(String.valueOf(Ipc.class.getModule().getName()));
        for (String address = context.hear(); address != null && !address.equals("end"); address = context.hear()) {
            try (Sender sender = Ipc.sender(address)) {
                sender.send(ByteBuffer.wrap("from a module".getBytes()), Duration.ofSeconds(20));
                context.say("sent");
            }
        }
    }
}

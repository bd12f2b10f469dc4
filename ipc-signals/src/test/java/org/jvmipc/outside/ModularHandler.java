package org.jvmipc.outside;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalRegistration;
import org.jvmipc.signals.Signals;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** Handles USR1, sends to the address that it hears, and tells in which module the toolkit is. In none itself. */
public final class ModularHandler implements Peer {
    @Override
    public void run(PeerContext context) throws Exception {
        context.say(String.valueOf(Signals.class.getModule().getName()));
        try (SignalRegistration handler = Signals.on(Signal.USR1, signal -> context.say("handled " + signal))) {
            context.say("effective " + handler.isEffective());
            try (Sender sender = Ipc.sender(context.hear())) {
                sender.send(ByteBuffer.wrap(new byte[] {4, 7}), Duration.ofSeconds(20));
            }
            context.say("sent");
            context.hear();
        }
    }
}

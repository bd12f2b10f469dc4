package org.jvmipc.signals;

import java.util.Arrays;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A process that tells what came with each signal; it relaunches itself if the signals are not blocked. */
final class InfoPeer implements Peer {
    @Override
    public void run(PeerContext context) throws Exception {
        String[] names = context.arg(0).split(",");
        context.say("started " + ProcessHandle.current().pid());
        Signals.relaunchBlocked(Arrays.stream(names).map(Signal::of).toArray(Signal[]::new));
        try (Receiver receiver = Ipc.receiver("signal:self?signal=" + context.arg(0))) {
            context.say("ready " + ProcessHandle.current().pid() + " " + System.getenv("JVMIPC_RELAUNCHED"));
            while (true) {
                receiver.receive();
                SignalInfo info = SignalChannels.last(receiver);
                context.say(info.signal() + " " + info.payload() + " " + info.pid() + " " + info.queued());
            }
        }
    }
}

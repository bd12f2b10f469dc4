package org.jvmipc.containers;

import java.util.Map;
import org.jvmipc.signals.Peers;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.Signals;
import org.jvmipc.testkit.PeerContext;

/** What a {@link Worker} can do with signals. */
final class SignalCommands {

    private final PeerContext context;

    SignalCommands(PeerContext context) {
        this.context = context;
    }

    void addTo(Map<String, Worker.Command> commands) {
        commands.put("handle", words -> handle(words[0]));
        commands.put("kill", words -> {
            Signals.kill(Long.parseLong(words[0]), Signal.of(words[1]));
            return "sent";
        });
        commands.put("relaunch", words -> {
            Signals.relaunchBlocked(Signal.of(words[0]));
            return "blocks it already";
        });
        commands.put("watch", words -> {
            Peers.onExit(Long.parseLong(words[0])).thenRun(() -> context.say("gone " + words[0]));
            return "watches";
        });
        commands.put("exists", words -> Boolean.toString(Signals.exists(Long.parseLong(words[0]))));
    }

    private String handle(String name) {
        Signals.on(Signal.of(name), signal -> context.say("got " + signal));
        return "handled";
    }
}

package org.jvmipc.signals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A process that does with signals what the lines say, and answers each with one line. */
final class SignalPeer implements Peer {
    private final Map<String, SignalRegistration> registrations = new HashMap<>();

    @Override
    public void run(PeerContext context) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> context.say("hook")));
        context.say("ready");
        while (true) {
            String[] words = context.hear().split(" ");
            try {
                context.say("ok " + perform(context, words));
            } catch (RuntimeException failed) {
                context.say("failed " + failed.getClass().getSimpleName() + ": " + failed.getMessage());
            }
        }
    }

    private String perform(PeerContext context, String[] words) {
        switch (words[0]) {
            case "on" -> registrations.put(words[1], Signals.on(Signal.of(words[1]),
                    signal -> context.say("got " + signal), ForkJoinPool.commonPool(), Chain.valueOf(words[2])));
            case "ignore" -> registrations.put(words[1], Signals.ignore(Signal.of(words[1])));
            case "default" -> registrations.put(words[1], Signals.defaultAction(Signal.of(words[1])));
            case "close" -> registrations.remove(words[1]).close();
            case "effective" -> {
                return String.valueOf(registrations.get(words[1]).isEffective());
            }
            case "kill" -> Signals.kill(Long.parseLong(words[1]), Signal.of(words[2]));
            case "target" -> {
                try (SignalTarget target = SignalTarget.of(Long.parseLong(words[1]))) {
                    target.send(Signal.of(words[2]));
                }
            }
            case "exists" -> {
                return String.valueOf(Signals.exists(Long.parseLong(words[1])));
            }
            case "blocked" -> {
                List<Signal> signals = Arrays.stream(words).skip(1).map(Signal::of).toList();
                return signals.stream().map(Signals::areBlocked).map(String::valueOf).collect(Collectors.joining(" "));
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
        return "";
    }
}

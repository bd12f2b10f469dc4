package org.jvmipc.demos.reload;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalRegistration;
import org.jvmipc.signals.Signals;

/** Answers each message with the word from its configuration, which it reads again upon HUP. */
final class Service {
    private static volatile String greeting;

    private Service() {
    }

    public static void main(String[] args) throws Exception {
        Path configuration = Path.of(args[1]);
        greeting = Files.readString(configuration);
        // Only exchanges a reference: the message at hand gets the old word, the next one the new, and none is lost.
        try (SignalRegistration reload = Signals.on(Signal.HUP, signal -> greeting = Files.readString(configuration));
                Duplex client = Ipc.connect(args[0])) {
            while (reload.isEffective()) {
                Received next = client.receiver().receive(Duration.ofSeconds(30));
                if (!next.isMessage()) {
                    return;
                }
                client.sender().send(StandardCharsets.UTF_8.encode(greeting + " " + next.text()));
            }
        }
    }
}

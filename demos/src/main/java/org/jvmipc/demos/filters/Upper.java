package org.jvmipc.demos.filters;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jvmipc.Sender;
import org.jvmipc.process.ProcessContext;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.Signals;

/** The second stage: capitals. In its first life it is killed at a line, which it has sent on and not yet taken. */
final class Upper {
    private Upper() {
    }

    public static void main(String[] args) throws InterruptedException {
        ProcessContext context = ProcessContext.current();
        String killedAt = context.start() == 1 ? args[0] + " " : "never";
        try (Sender out = context.sender()) {
            context.forEach(message -> {
                String line = StandardCharsets.UTF_8.decode(message).toString();
                out.send(StandardCharsets.UTF_8.encode(line.toUpperCase(Locale.ROOT)));
                if (line.startsWith(killedAt)) {
                    Signals.kill(ProcessHandle.current().pid(), Signal.KILL);
                }
            });
        }
    }
}

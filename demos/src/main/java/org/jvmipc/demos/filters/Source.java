package org.jvmipc.demos.filters;

import java.nio.charset.StandardCharsets;
import org.jvmipc.Sender;
import org.jvmipc.process.ProcessContext;

/** The first stage: numbered lines. */
final class Source {
    private Source() {
    }

    public static void main(String[] args) throws InterruptedException {
        int lines = Integer.parseInt(args[0]);
        int pause = Integer.parseInt(args[1]);
        try (Sender out = ProcessContext.current().sender()) {
            for (int i = 1; i <= lines; i++) {
                out.send(StandardCharsets.UTF_8.encode(i + " line number " + i));
                Thread.sleep(pause);
            }
        }
    }
}

package org.jvmipc.demos.filters;

import java.nio.charset.StandardCharsets;
import org.jvmipc.Sender;
import org.jvmipc.process.ProcessContext;

/** The third stage: the text backwards, behind its number. */
final class Reverse {
    private Reverse() {
    }

    public static void main(String[] args) throws InterruptedException {
        ProcessContext context = ProcessContext.current();
        try (Sender out = context.sender()) {
            context.forEach(message -> {
                String[] line = StandardCharsets.UTF_8.decode(message).toString().split(" ", 2);
                out.send(StandardCharsets.UTF_8.encode(line[0] + " " + new StringBuilder(line[1]).reverse()));
            });
        }
    }
}

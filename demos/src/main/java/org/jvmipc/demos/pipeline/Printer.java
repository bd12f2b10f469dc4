package org.jvmipc.demos.pipeline;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;

/** The third stage: prints the characters that come as messages, in lines of equal width. */
final class Printer {
    private Printer() {
    }

    public static void main(String[] args) throws InterruptedException {
        int width = Integer.parseInt(args[1]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        StringBuilder line = new StringBuilder();
        try (Receiver in = Ipc.receiver(args[0])) {
            for (Received received; (received = in.receive(Duration.ofDays(1))).isMessage(); ) {
                line.append(received.text());
                if (line.length() == width) {
                    out.println(line);
                    line.setLength(0);
                }
            }
        }
        if (!line.isEmpty()) {
            out.println(line);
        }
    }
}

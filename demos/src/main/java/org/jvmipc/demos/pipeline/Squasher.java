package org.jvmipc.demos.pipeline;

import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;

/** The second stage: makes {@code **} an arrow and the end of a line a blank; each character is a message. */
final class Squasher {
    private Squasher() {
    }

    public static void main(String[] args) throws Exception {
        try (ReadableByteChannel in = Ipc.source(args[0]);
                Sender out = Ipc.sender(args[1])) {
            // The channel goes with its last participant, so the printer has to be there before this stage may leave.
            if (!out.awaitPeer(Duration.ofSeconds(30))) {
                throw new IllegalStateException("nobody receives from " + out.address());
            }
            java.io.Reader characters = Channels.newReader(in, StandardCharsets.UTF_8);
            int next = characters.read();
            while (next >= 0) {
                int character = next;
                next = characters.read();
                if (character == '*' && next == '*') {
                    character = '↑';
                    next = characters.read();
                }
                send(out, character == '\n' ? ' ' : character);
            }
        }
    }

    private static void send(Sender out, int character) throws InterruptedException {
        out.send(StandardCharsets.UTF_8.encode(String.valueOf((char) character)));
    }
}

package org.jvmipc.demos.pipeline;

import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.jvmipc.Ipc;

/** The first stage: what comes from standard input goes into a channel of bytes. */
final class Reader {
    private Reader() {
    }

    public static void main(String[] args) throws Exception {
        try (WritableByteChannel out = Ipc.sink(args[0])) {
            System.in.transferTo(Channels.newOutputStream(out));
        }
    }
}

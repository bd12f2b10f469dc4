package org.jvmipc.testkit.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** The two ends of a channel of bytes. */
record StreamPair(WritableByteChannel sink, ReadableByteChannel source) {
    private static final int PIECE = 8 << 10;

    /** Writes in a thread of its own until the channel is full and the thread sleeps. */
    Task<Void> fill(Bench bench, long count) {
        return bench.<Void>task("filling", () -> {
            Bytes.write(sink, 0, count, PIECE, 1);
            return null;
        }).awaitBlocked();
    }

    void expect(long from, int count) throws IOException {
        Bytes.read(source, from, count, Math.max(1, count), 2);
    }

    void expectEnd() throws IOException {
        int read = source.read(ByteBuffer.allocate(16));
        if (read != -1) {
            throw new AssertionError("expected the end, read " + read);
        }
    }
}

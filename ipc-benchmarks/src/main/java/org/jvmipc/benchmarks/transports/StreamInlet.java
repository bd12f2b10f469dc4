package org.jvmipc.benchmarks.transports;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Receives from a stream of bytes, where each message follows its length: as much at once as there is. */
final class StreamInlet implements Inlet {
    private final Opener opener;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Math.max(StreamOutlet.BUFFER, 2 * Payload.SIZE))
            .flip();
    private ReadableByteChannel channel;

    /** Opens the channel, and waits for the other end if it has to. */
    interface Opener extends AutoCloseable {
        ReadableByteChannel open() throws IOException;

        @Override
        void close() throws IOException;
    }

    StreamInlet(Opener opener) {
        this.opener = opener;
    }

    @Override
    public int poll(Sink sink, int limit) throws IOException {
        int count = take(sink, limit);
        if (count == 0) {
            fill();
            count = take(sink, limit);
        }
        return count;
    }

    private int take(Sink sink, int limit) {
        int count = 0;
        while (count < limit && buffer.remaining() >= Integer.BYTES) {
            int at = buffer.position();
            int length = buffer.getInt(at);
            if (buffer.remaining() < Integer.BYTES + length) {
                break;
            }
            Payload.read(buffer, at + Integer.BYTES, length, sink);
            buffer.position(at + Integer.BYTES + length);
            count++;
        }
        return count;
    }

    private void fill() throws IOException {
        if (channel == null) {
            channel = opener.open();
        }
        buffer.compact();
        int read = channel.read(buffer);
        buffer.flip();
        if (read < 0) {
            throw new EOFException("the producer has gone");
        }
    }

    @Override
    public void await(Sink sink) throws IOException {
        while (poll(sink, 1) == 0) {
            // A part of a message has come.
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
        opener.close();
    }
}

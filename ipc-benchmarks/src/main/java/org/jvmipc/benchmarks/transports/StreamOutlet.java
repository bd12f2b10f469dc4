package org.jvmipc.benchmarks.transports;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Sends into a stream of bytes, each message after its length, through a buffer as a {@code BufferedOutputStream}. */
final class StreamOutlet implements Outlet {
    /** Bytes that are sent at once. */
    static final int BUFFER = 1 << 16;

    private final WritableByteChannel channel;
    private final ByteBuffer message = Payload.template();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Math.max(BUFFER, Integer.BYTES + Payload.SIZE));

    StreamOutlet(WritableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public boolean offer(long first) throws IOException {
        if (buffer.remaining() < Integer.BYTES + Payload.SIZE) {
            flush();
        }
        Payload.stamp(message, 0, first);
        int at = buffer.position();
        buffer.putInt(at, Payload.SIZE);
        buffer.put(at + Integer.BYTES, message, 0, Payload.SIZE);
        buffer.position(at + Integer.BYTES + Payload.SIZE);
        return true;
    }

    @Override
    public void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

package org.jvmipc.containers;

import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The lines that a JVM in a container is to read, as a stream that ends when it is closed. */
final class LineInput extends InputStream {

    private static final ByteBuffer END = ByteBuffer.allocate(0);

    private final BlockingQueue<ByteBuffer> lines = new LinkedBlockingQueue<>();
    private ByteBuffer current = ByteBuffer.allocate(0);
    private boolean ended;

    void add(String line) {
        lines.add(ByteBuffer.wrap((line + '\n').getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public int read() throws InterruptedIOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws InterruptedIOException {
        try {
            while (!ended && !current.hasRemaining()) {
                current = lines.take();
                ended = current == END;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        if (ended) {
            return -1;
        }
        int count = Math.min(length, current.remaining());
        current.get(target, offset, count);
        return count;
    }

    @Override
    public void close() {
        lines.add(END);
    }
}

package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.Readiness;

/** A connected stream socket of the JDK. */
final class NioWire implements Wire {
    /** The JDK copies heap buffers as a whole at each call, and keeps the copy. */
    private static final int MOST_AT_ONCE = 128 << 10;

    private final SocketChannel channel;
    private final NioReadiness readable;
    private final NioReadiness writable;

    /**
     * Takes over a connected channel.
     *
     * @param channel non-blocking
     */
    NioWire(SocketChannel channel) {
        this.channel = channel;
        this.readable = new NioReadiness(channel, SelectionKey.OP_READ);
        this.writable = new NioReadiness(channel, SelectionKey.OP_WRITE);
    }

    @Override
    public int read(ByteBuffer into) {
        int limit = into.limit();
        into.limit(Math.min(limit, into.position() + MOST_AT_ONCE));
        try {
            int count = channel.read(into);
            return count < 0 ? ByteIn.END : count;
        } catch (IOException resetOrClosed) {
            return ByteIn.END;
        } finally {
            into.limit(limit);
        }
    }

    @Override
    public int write(ByteBuffer bytes) {
        int limit = bytes.limit();
        bytes.limit(Math.min(limit, bytes.position() + MOST_AT_ONCE));
        try {
            return channel.write(bytes);
        } catch (IOException brokenOrClosed) {
            return ByteOut.GONE;
        } finally {
            bytes.limit(limit);
        }
    }

    @Override
    public Readiness readable() {
        return readable;
    }

    @Override
    public Readiness writable() {
        return writable;
    }

    @Override
    public void endInput() {
        try {
            channel.shutdownInput();
        } catch (IOException closed) {
            // Then it has ended already.
        }
    }

    @Override
    public void endOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException closed) {
            // Then it has ended already.
        }
    }

    @Override
    public void makeRoom() {
        try {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, 2 * channel.getOption(StandardSocketOptions.SO_SNDBUF));
        } catch (IOException closed) {
            // Then there is nothing more to say.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException nothingToDo) {
            // The descriptor is given back all the same.
        }
        readable.close();
        writable.close();
    }
}

package org.jvmipc.internal;

import java.nio.ByteBuffer;
import org.jvmipc.MessageHandler;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Readiness;

/** A stream out of a transport of messages: what of a message the reader has no room for is kept for the next read. */
final class SegmentIn implements ByteIn, MessageHandler {
    private final MessageIn in;
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private ByteBuffer target;

    SegmentIn(MessageIn in) {
        this.in = in;
    }

    @Override
    public int read(ByteBuffer into) {
        int start = into.position();
        if (!rest.hasRemaining()) {
            target = into;
            int count;
            do {
                count = in.poll(this, 1);
            } while (count > 0 && into.position() == start && !rest.hasRemaining());
            target = null;
            if (count < 0) {
                return END;
            }
        } else {
            move(rest, into);
        }
        return into.position() - start;
    }

    @Override
    public void onMessage(ByteBuffer message) {
        move(message, target);
        if (message.hasRemaining()) {
            rest = ByteBuffer.allocate(message.remaining()).put(message).flip();
        }
    }

    private static void move(ByteBuffer from, ByteBuffer to) {
        int length = Math.min(from.remaining(), to.remaining());
        to.put(from.duplicate().limit(from.position() + length));
        from.position(from.position() + length);
    }

    @Override
    public Port beneath() {
        return in;
    }

    @Override
    public Readiness readiness() {
        return in.readiness();
    }

    @Override
    public void idle() {
        in.idle();
    }

    @Override
    public void close() {
        in.close();
    }
}

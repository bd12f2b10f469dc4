package org.jvmipc.internal;

import java.nio.ByteBuffer;
import org.jvmipc.SendResult;
import org.jvmipc.spi.AfterAcceptance;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Readiness;

/** A stream over a transport of messages: each write is cut into messages of at most {@link #SEGMENT} bytes. */
final class SegmentOut implements ByteOut {
    private static final int SEGMENT = 64 << 10;

    private final MessageOut out;
    private final int segment;

    SegmentOut(MessageOut out) {
        this.out = out;
        this.segment = Math.min(SEGMENT, out.maxMessage());
    }

    @Override
    public int write(ByteBuffer bytes) {
        int length = Math.min(segment, bytes.remaining());
        int start = bytes.position();
        ByteBuffer part = bytes.duplicate().limit(start + length);
        return switch (offer(part, bytes)) {
            case SENT -> {
                bytes.position(start + length);
                yield length;
            }
            case FULL -> 0;
            case NO_RECEIVER -> NO_PEER;
            case CLOSED -> GONE;
        };
    }

    private SendResult offer(ByteBuffer part, ByteBuffer bytes) {
        int end = part.limit();
        try {
            return out.offer(part);
        } catch (RuntimeException broken) {
            if (broken instanceof AfterAcceptance) {
                // So that nobody writes again what has been accepted.
                bytes.position(end);
            }
            throw broken;
        }
    }

    @Override
    public Port beneath() {
        return out;
    }

    @Override
    public Readiness readiness() {
        return out.readiness();
    }

    @Override
    public void idle() {
        out.idle();
    }

    @Override
    public void close() {
        out.flush();
        out.close();
    }
}

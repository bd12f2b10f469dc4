package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.Readiness;

/** The sending direction of a session. */
final class SessionOut implements ByteOut {
    private final Session session;
    private final Limits limits;

    /**
     * What one write may be.
     *
     * @param atomic the most bytes that go as a whole
     * @param packets whether each write is a packet
     * @param most the most bytes that are handed over at once, where they may be cut
     * @param capacity bytes that the kernel holds, or -1
     * @param advice what to do about larger messages
     */
    record Limits(int atomic, boolean packets, int most, long capacity, String advice) {
        static Limits stream(long capacity) {
            return new Limits(Integer.MAX_VALUE, false, Integer.MAX_VALUE, capacity,
                    "raise the option maxMessage on both sides, or send it in parts");
        }

        /** For bytes that are carried by packets. */
        static Limits cut(int most, long capacity) {
            return new Limits(Integer.MAX_VALUE, false, most, capacity, "");
        }
    }

    SessionOut(Session session, Limits limits) {
        this.session = session;
        this.limits = limits;
    }

    Session session() {
        return session;
    }

    @Override
    public int write(ByteBuffer bytes) {
        int limit = bytes.limit();
        if (bytes.remaining() <= limits.most()) {
            return session.write(bytes);
        }
        try {
            return session.write(bytes.limit(bytes.position() + limits.most()));
        } finally {
            bytes.limit(limit);
        }
    }

    @Override
    public int atomicLimit() {
        return limits.atomic();
    }

    @Override
    public boolean packets() {
        return limits.packets();
    }

    @Override
    public void makeRoom() {
        Wire wire = session.present();
        if (wire != null) {
            wire.makeRoom();
        }
    }

    @Override
    public String limitAdvice() {
        return limits.advice();
    }

    @Override
    public Readiness readiness() {
        return session.writable();
    }

    @Override
    public void idle() {
        session.idle();
    }

    @Override
    public void close() {
        session.closeOut();
    }

    @Override
    public long depthBytes() {
        Wire wire = session.present();
        return wire == null ? 0 : wire.unsent();
    }

    @Override
    public long capacityBytes() {
        return limits.capacity();
    }
}

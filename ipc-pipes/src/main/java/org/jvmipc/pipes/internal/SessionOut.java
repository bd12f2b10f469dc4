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
     * @param capacity bytes that the kernel holds, or -1
     * @param advice what to do about larger messages
     */
    record Limits(int atomic, boolean packets, long capacity, String advice) {
        static Limits stream(long capacity) {
            return new Limits(Integer.MAX_VALUE, false, capacity,
                    "raise the option maxMessage on both sides, or send it in parts");
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
        return session.write(bytes);
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

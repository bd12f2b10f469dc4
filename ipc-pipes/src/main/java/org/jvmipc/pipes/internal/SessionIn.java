package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.Readiness;

/** The receiving direction of a session. */
final class SessionIn implements ByteIn {
    private final Session session;
    private final int leastRoom;
    /** From position to limit: what did not fit into a reader's buffer; null until that happens. */
    private ByteBuffer rest;

    /**
     * Creates the port.
     *
     * @param session the connections
     * @param leastRoom the largest packet, or 1 for a stream
     */
    SessionIn(Session session, int leastRoom) {
        this.session = session;
        this.leastRoom = leastRoom;
    }

    Session session() {
        return session;
    }

    @Override
    public int read(ByteBuffer into) {
        if (rest != null && rest.hasRemaining()) {
            return handOut(into);
        }
        if (into.remaining() >= leastRoom) {
            return session.read(into);
        }
        if (rest == null) {
            rest = ByteBuffer.allocateDirect(leastRoom);
        }
        int count = session.read(rest.clear());
        rest.flip();
        return count > 0 ? handOut(into) : count;
    }

    private int handOut(ByteBuffer into) {
        int count = Math.min(into.remaining(), rest.remaining());
        into.put(rest.slice(rest.position(), count));
        rest.position(rest.position() + count);
        return count;
    }

    @Override
    public int leastRoom() {
        return leastRoom;
    }

    @Override
    public void drop() {
        session.drop();
    }

    @Override
    public Readiness readiness() {
        return session.readable();
    }

    @Override
    public void idle() {
        session.idle();
    }

    @Override
    public void close() {
        session.closeIn();
    }

    @Override
    public long depthBytes() {
        Wire wire = session.present();
        return wire == null ? 0 : wire.unread();
    }
}

package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.Readiness;

/** The receiving direction of a session. */
final class SessionIn implements ByteIn {
    private final Session session;
    private final int leastRoom;

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
        return session.read(into);
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

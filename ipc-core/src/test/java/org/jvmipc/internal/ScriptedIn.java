package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.ParkReadiness;
import org.jvmipc.spi.Readiness;

/** Gives the pieces that a test lays down, one for each read, and then nothing. */
final class ScriptedIn implements ByteIn {
    private static final ByteBuffer THE_END = ByteBuffer.allocate(0);

    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
    private final ParkReadiness readiness = new ParkReadiness(this::hasMore);
    private final boolean waits;
    private boolean ended;
    private boolean closed;
    int drops;

    ScriptedIn(boolean waits) {
        this.waits = waits;
    }

    private synchronized boolean hasMore() {
        return !pieces.isEmpty() || ended || closed;
    }

    ScriptedIn give(byte[] bytes) {
        return add(ByteBuffer.wrap(bytes));
    }

    private ScriptedIn add(ByteBuffer piece) {
        synchronized (this) {
            pieces.add(piece);
        }
        readiness.signal();
        return this;
    }

    /** Gives bytes one at a time. */
    ScriptedIn drip(byte[] bytes) {
        for (byte one : bytes) {
            give(new byte[] {one});
        }
        return this;
    }

    ScriptedIn end() {
        return add(THE_END);
    }

    synchronized int left() {
        return pieces.size();
    }

    @Override
    public synchronized int read(ByteBuffer into) {
        ByteBuffer piece = ended ? THE_END : pieces.peek();
        if (piece == null) {
            return closed ? END : 0;
        }
        if (piece == THE_END) {
            pieces.poll();
            ended = !waits;
            return END;
        }
        int length = Math.min(piece.remaining(), into.remaining());
        into.put(piece.duplicate().limit(piece.position() + length));
        piece.position(piece.position() + length);
        if (!piece.hasRemaining()) {
            pieces.remove();
        }
        return length;
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    /** As a transport does it: what the connection still holds goes with it. */
    @Override
    public synchronized void drop() {
        drops++;
        while (!pieces.isEmpty() && pieces.peek() != THE_END) {
            pieces.remove();
        }
        pieces.poll();
        ended = !waits;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        readiness.signal();
    }
}

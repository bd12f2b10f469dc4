package org.jvmipc.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.ParkReadiness;
import org.jvmipc.spi.Readiness;

/** Takes what a test's script says, write by write, and afterwards all or nothing; keeps what it took. */
final class ScriptedOut implements ByteOut {
    private final Deque<Integer> script = new ArrayDeque<>();
    private final ParkReadiness readiness = new ParkReadiness(this::isWorthWhile);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private int afterwards = Integer.MAX_VALUE;
    private int more;
    private int writes;
    private boolean closed;

    /** What the next writes give: how many bytes at most, {@link #GONE} or {@link #NO_PEER}. */
    synchronized ScriptedOut then(int... results) {
        for (int result : results) {
            script.add(result);
        }
        return this;
    }

    /** What all writes give that the script says nothing of. */
    ScriptedOut afterwards(int result) {
        synchronized (this) {
            afterwards = result;
        }
        readiness.signal();
        return this;
    }

    /** What all writes give once the port was asked for more room. */
    synchronized ScriptedOut withMoreRoom(int result) {
        more = result;
        return this;
    }

    /** Open again, with all the room there is. */
    synchronized ScriptedOut again() {
        closed = false;
        return afterwards(Integer.MAX_VALUE);
    }

    private synchronized boolean isWorthWhile() {
        return closed || !script.isEmpty() || afterwards != 0;
    }

    synchronized byte[] taken() {
        byte[] all = taken.toByteArray();
        taken.reset();
        return all;
    }

    synchronized int writes() {
        return writes;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized int write(ByteBuffer bytes) {
        writes++;
        int most = closed ? GONE : script.isEmpty() ? afterwards : script.remove();
        if (most < 0) {
            return most;
        }
        int length = Math.min(most, bytes.remaining());
        byte[] part = new byte[length];
        bytes.get(part);
        taken.writeBytes(part);
        return length;
    }

    @Override
    public synchronized void makeRoom() {
        script.clear();
        afterwards = more;
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        readiness.signal();
    }
}

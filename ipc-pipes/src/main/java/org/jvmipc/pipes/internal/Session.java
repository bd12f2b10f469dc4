package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.IpcException;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;
import org.jvmipc.spi.Role;

/**
 * The connections of one channel, one after the other. One thread at a time reads and one writes; they may be two, and
 * any thread may close.
 *
 * <p>If the channel waits for peers, a connection makes room for the next one only when the direction that its owner
 * opened it for was told of the end, for both roles both; so what was begun on one connection is never continued on
 * the next, and what the peer had sent is read before.
 */
final class Session {
    private final Origin origin;
    private final Role role;
    private final boolean again;
    private final boolean oneWay;
    private final PauseReadiness settling = new PauseReadiness();
    private final SwitchReadiness readable;
    private final SwitchReadiness writable;
    private final ReentrantLock lock = new ReentrantLock();

    /** The present connection; changed under the lock. */
    private volatile Wire wire;
    private volatile boolean inTold;
    private volatile boolean outTold;
    /** No connection will follow. */
    private volatile boolean over;
    private volatile boolean inClosed;
    private volatile boolean outClosed;

    private Session(Origin origin, Role role, boolean again, boolean oneWay) {
        this.origin = origin;
        this.role = role;
        this.again = again;
        this.oneWay = oneWay;
        this.inClosed = oneWay && role == Role.SENDER;
        this.outClosed = oneWay && role == Role.RECEIVER;
        this.readable = new SwitchReadiness(origin.pending());
        this.writable = new SwitchReadiness(origin.pending());
    }

    /**
     * A session of connections that go both ways; nothing is connected.
     *
     * @param origin where connections come from
     * @param role what the channel is opened for
     * @param again whether another connection may follow one that ended
     */
    static Session bothWays(Origin origin, Role role, boolean again) {
        return new Session(origin, role, again, false);
    }

    /**
     * A session of connections of which only one way is used; nothing is connected.
     *
     * @param origin where connections come from
     * @param role sender or receiver
     * @param again whether another connection may follow one that ended
     */
    static Session oneWay(Origin origin, Role role, boolean again) {
        return new Session(origin, role, again, true);
    }

    /** Makes the first attempt, so that what can never work is told to the one who opens the channel. */
    Session started() {
        boolean started = false;
        try {
            connect();
            started = true;
            return this;
        } finally {
            if (!started) {
                closeIn();
                closeOut();
            }
        }
    }

    Readiness readable() {
        return readable;
    }

    Readiness writable() {
        return writable;
    }

    /** The present connection, or null. */
    Wire present() {
        return wire;
    }

    /** Connects, if there is no connection and one may come. */
    Wire connect() {
        Wire present = wire;
        if (present != null && !isSpent()) {
            return present;
        }
        lock.lock();
        try {
            Wire spent = wire != null && isSpent() ? wire : null;
            if ((wire == null || spent != null) && !over && !(inClosed && outClosed)) {
                follow(spent);
            }
            return wire;
        } finally {
            lock.unlock();
        }
    }

    /** Goes on to the next connection, if there is one, and ends the one before only then. */
    private void follow(Wire spent) {
        try {
            wire = null;
            wire = origin.next();
        } finally {
            if (wire != null) {
                arrive();
            } else {
                pend();
            }
            if (spent != null) {
                spent.close();
            }
        }
    }

    /**
     * Looks for a peer if there is none. Leaves what a connection that ended still has to tell to those who read and
     * write, and the errors as well.
     */
    void idle() {
        try {
            Wire present = wire;
            if (present == null || role != Role.SENDER) {
                present = connect();
            }
            if (present != null && present.idle()) {
                replace(present);
            }
        } catch (IpcException told) {
            // The next call that needs the connection meets it again, and throws it where it is expected.
        }
    }

    private void replace(Wire useless) {
        lock.lock();
        try {
            if (wire == useless && !(inClosed && outClosed)) {
                follow(useless);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the present connection may make room for the next. */
    private boolean isSpent() {
        return again && switch (role) {
            case SENDER -> outTold;
            case RECEIVER -> inTold;
            case BOTH -> (inTold || inClosed) && (outTold || outClosed);
        };
    }

    private void arrive() {
        inTold = false;
        outTold = false;
        if (inClosed && !oneWay) {
            wire.endInput();
        }
        if (outClosed && !oneWay) {
            wire.endOutput();
        }
        if (!again) {
            over = true;
        }
        readable.switchTo(inClosed ? PauseReadiness.AT_ONCE : wire.readable());
        writable.switchTo(outClosed ? PauseReadiness.AT_ONCE : wire.writable());
    }

    private void leave() {
        Wire left = wire;
        wire = null;
        pend();
        left.close();
    }

    private void pend() {
        readable.switchTo(inClosed || over ? PauseReadiness.AT_ONCE : origin.pending());
        writable.switchTo(outClosed || over ? PauseReadiness.AT_ONCE : origin.pending());
    }

    int read(ByteBuffer into) {
        if (inClosed) {
            return ByteIn.END;
        }
        // The way back of a sender must not go ahead to the next connection.
        Wire from = role == Role.SENDER && wire != null ? wire : connect();
        if (from == null) {
            return over ? ByteIn.END : 0;
        }
        if (inTold) {
            return again ? 0 : ByteIn.END;
        }
        int count = from.read(into);
        if (count == ByteIn.END) {
            end(from, true);
        }
        return count;
    }

    int write(ByteBuffer bytes) {
        if (outClosed) {
            return ByteOut.GONE;
        }
        Wire to = role == Role.RECEIVER && wire != null ? wire : connect();
        if (to == null) {
            return over ? ByteOut.GONE : ByteOut.NO_PEER;
        }
        if (outTold) {
            return again ? ByteOut.NO_PEER : ByteOut.GONE;
        }
        int count = to.write(bytes);
        if (count == ByteOut.GONE) {
            end(to, false);
        }
        return count;
    }

    /** One direction of a connection has ended. */
    private void end(Wire which, boolean in) {
        lock.lock();
        try {
            if (which != wire) {
                return;
            }
            if (in) {
                inTold = true;
                readable.switchTo(again ? settling : PauseReadiness.AT_ONCE);
            } else {
                outTold = true;
                writable.switchTo(again ? settling : PauseReadiness.AT_ONCE);
            }
            if (!again && role != Role.BOTH) {
                origin.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the present connection because of what the peer sends. */
    void drop() {
        lock.lock();
        try {
            if (wire == null) {
                return;
            }
            wire.drop();
            if (!again) {
                over = true;
                origin.close();
            }
            leave();
        } finally {
            lock.unlock();
        }
    }

    void closeIn() {
        close(true);
    }

    void closeOut() {
        close(false);
    }

    /** Ends one direction, and with the second one the connection; a channel without the other has it ended before. */
    private void close(boolean in) {
        lock.lock();
        try {
            if (in ? inClosed : outClosed) {
                return;
            }
            if (in) {
                inClosed = true;
            } else {
                outClosed = true;
            }
            if (inClosed && outClosed) {
                over = true;
                // The name first: as long as somebody listens, nobody else takes it over.
                origin.close();
                if (wire != null) {
                    leave();
                }
            } else if (wire != null && in) {
                wire.endInput();
            } else if (wire != null) {
                wire.endOutput();
            }
            (in ? readable : writable).switchTo(PauseReadiness.AT_ONCE);
        } finally {
            lock.unlock();
        }
    }
}

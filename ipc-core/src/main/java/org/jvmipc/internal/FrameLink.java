package org.jvmipc.internal;

import java.util.ArrayList;
import java.util.List;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerInfo;
import org.jvmipc.spi.ByteLink;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Role;

/**
 * Messages over a transport of bytes: what both directions of a connection know together. Each direction is guarded by
 * a lock of its own; the order of locks is reading, then writing, then this object's monitor, which calls nothing but
 * {@link Peers}.
 */
final class FrameLink {
    /** How long a peer may take to greet before it counts as a foreign program. */
    private static final long GREETING_NANOS = 200_000_000;

    final ByteLink bytes;
    final OptionValues values;
    final Role role;
    final FrameOut out;
    final FrameIn in;
    private final Peers peers;
    private final long type;
    private final List<Known> known = new ArrayList<>();

    private int halvesOpen;
    private volatile boolean gone;
    private volatile int connection;
    private volatile RuntimeException failure;

    /** A peer: one, or several writers of a FIFO. */
    private static final class Known {
        final Peers.Peer peer;
        final long since = System.nanoTime();
        boolean greeted;
        boolean said;

        Known(Peers.Peer peer) {
            this.peer = peer;
        }
    }

    FrameLink(ByteLink bytes, OptionValues values, Role role) {
        this.bytes = bytes;
        this.values = values;
        this.role = role;
        this.peers = bytes.peers() == null ? new Peers() : bytes.peers();
        this.type = values.type().isEmpty() ? 0 : Long.parseUnsignedLong(values.type(), 16);
        this.halvesOpen = role == Role.BOTH ? 2 : 1;
        this.out = bytes.out() == null ? null : new FrameOut(this);
        this.in = bytes.in() == null ? null : new FrameIn(this);
    }

    long type() {
        return type;
    }

    Peers peers() {
        return peers;
    }

    /** Bytes went or came: somebody is there. */
    synchronized void connected() {
        if (known.isEmpty() && !gone) {
            Known one = new Known(peers.connected());
            known.add(one);
            if (bytes.in() == null) {
                one.peer.settle();
            }
        }
    }

    /** A message came, or time has passed: who has not greeted by now is a foreign program. */
    synchronized void settle(boolean atOnce) {
        for (Known one : known) {
            if (atOnce || System.nanoTime() - one.since > GREETING_NANOS) {
                one.peer.settle();
            }
        }
    }

    synchronized void hello(FrameFormat.Hello hello) {
        connected();
        Known one = known.isEmpty() ? null : known.get(0);
        if (one == null || one.greeted && find(hello.peer().pid()) == null) {
            one = new Known(peers.connected());
            known.add(one);
        }
        one.greeted = true;
        one.peer.identify(hello.peer());
        if (hello.version() != FrameFormat.VERSION) {
            fail(new IncompatibleChannelException(bytes.address() + ": " + hello.peer() + " speaks frame version "
                    + hello.version() + ", this side version " + FrameFormat.VERSION));
        } else if (type != 0 && hello.type() != 0 && type != hello.type()) {
            KnownTypes.remember(hello.type(), hello.description());
            fail(new IncompatibleChannelException(KnownTypes.explain(bytes.address() + ": " + hello.peer()
                    + " sends messages of type " + Long.toHexString(hello.type()) + ", this side expects "
                    + Long.toHexString(type))));
        }
    }

    synchronized void bye(boolean all, long pid) {
        Known one = find(pid);
        if (one == null) {
            return;
        }
        one.said = true;
        if (all) {
            one.peer.left();
            known.remove(one);
            if (known.isEmpty() && bytes.out() != null) {
                over();
            }
        }
    }

    private Known find(long pid) {
        for (Known one : known) {
            if (one.greeted && one.peer.info().pid() == pid) {
                return one;
            }
        }
        return null;
    }

    /**
     * The receiving direction has ended.
     *
     * @return true if somebody who greeted has gone without a word
     */
    synchronized boolean ended() {
        boolean died = known.stream().anyMatch(one -> one.greeted && !one.said);
        if (died || role != Role.BOTH) {
            lost();
        }
        return died;
    }

    /** Nobody is there any more. */
    synchronized void lost() {
        for (Known one : known) {
            if (one.greeted && !one.said) {
                one.peer.died();
            } else {
                one.peer.left();
            }
        }
        known.clear();
        over();
    }

    private void over() {
        known.clear();
        if (values.waitsForPeers()) {
            connection++;
            // What was wrong with the last peer need not be wrong with the next.
            failure = null;
        } else {
            gone = true;
        }
    }

    /** Counts the connections of a channel that waits for the next peer. */
    int connection() {
        return connection;
    }

    boolean isGone() {
        return gone;
    }

    void fail(RuntimeException why) {
        failure = why;
    }

    /** What made the connection useless, or null. */
    RuntimeException failure() {
        return failure;
    }

    /** Throws what made the connection useless, if something did. */
    void check() {
        RuntimeException why = failure;
        if (why != null) {
            throw why;
        }
    }

    synchronized PeerInfo sender() {
        return known.size() == 1 ? known.get(0).peer.info() : PeerInfo.UNKNOWN;
    }

    PeerGoneException goneException(String what) {
        return peers.goneException(what);
    }

    /** One half was closed by its owner; true if it was the last. */
    synchronized boolean closeHalf() {
        return --halvesOpen <= 0;
    }
}

package org.jvmipc.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.PeerDiedException;
import org.jvmipc.PeerEvent;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerInfo;
import org.jvmipc.PeerListener;
import org.jvmipc.Registration;
import org.jvmipc.internal.Background;

/**
 * The peers of one endpoint: the transport reports what it sees, listeners get each event once and in order. Safe for
 * use by any thread.
 */
public final class Peers {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Peer> present = new ArrayList<>();
    private final List<PeerListener> listeners = new ArrayList<>();
    private PeerInfo lastGone = PeerInfo.UNKNOWN;
    private boolean lastDied;
    private boolean everCame;
    private volatile String channel = "";

    /** Creates an empty set. */
    public Peers() {
    }

    /**
     * Tells whose peers they are, for those who observe.
     *
     * @param address of the end
     */
    public void belongTo(String address) {
        channel = address;
    }

    /** One peer from its coming to its going. Its methods may be called by any thread and repeatedly. */
    public final class Peer {
        private PeerInfo info;
        private boolean announced;
        private boolean gone;

        private Peer(PeerInfo info) {
            this.info = info;
        }

        /**
         * The peer has told who it is; announces it if that had been put off.
         *
         * @param who what it said
         */
        public void identify(PeerInfo who) {
            lock.lock();
            try {
                if (!announced) {
                    info = who;
                    announce();
                } else if (info.pid() < 0) {
                    info = who;
                }
            } finally {
                lock.unlock();
            }
        }

        /** Announces the peer with what is known of it, if that had been put off. */
        public void settle() {
            lock.lock();
            try {
                announce();
            } finally {
                lock.unlock();
            }
        }

        /** The peer has closed its end. */
        public void left() {
            go(PeerEvent.Kind.LEFT);
        }

        /** The peer has died or vanished. */
        public void died() {
            go(PeerEvent.Kind.DIED);
        }

        /**
         * Who it is.
         *
         * @return what is known by now
         */
        public PeerInfo info() {
            lock.lock();
            try {
                return info;
            } finally {
                lock.unlock();
            }
        }

        private void announce() {
            if (!announced && !gone) {
                announced = true;
                publish(new PeerEvent(PeerEvent.Kind.JOINED, info));
            }
        }

        private void go(PeerEvent.Kind how) {
            lock.lock();
            try {
                if (gone) {
                    return;
                }
                announce();
                gone = true;
                present.remove(this);
                lastGone = info;
                lastDied = how == PeerEvent.Kind.DIED;
                publish(new PeerEvent(how, info));
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (how == PeerEvent.Kind.DIED) {
                Flight.peerDied(channel, info());
                Log.debug(() -> channel + ": " + info() + " died");
            }
        }
    }

    /**
     * A peer has come and is known.
     *
     * @param info who it is
     * @return to report its going
     */
    public Peer joined(PeerInfo info) {
        Peer peer = connected();
        peer.identify(info);
        return peer;
    }

    /**
     * A peer has come and may tell who it is: its announcement waits for {@link Peer#identify} or {@link Peer#settle}.
     *
     * @return to report what follows
     */
    public Peer connected() {
        lock.lock();
        try {
            Peer peer = new Peer(PeerInfo.UNKNOWN);
            present.add(peer);
            everCame = true;
            changed.signalAll();
            return peer;
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many peers are there.
     *
     * @return their number
     */
    public int alive() {
        lock.lock();
        try {
            return present.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether any peer ever came.
     *
     * @return true from the first one on
     */
    public boolean everCame() {
        lock.lock();
        try {
            return everCame;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether all who ever came have gone again.
     *
     * @return false as long as nobody has come
     */
    public boolean haveGone() {
        lock.lock();
        try {
            return everCame && present.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a change, at most the given time.
     *
     * @param nanos nanoseconds
     * @return true if a peer is there
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean awaitPresence(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (present.isEmpty() && nanos > 0) {
                changed.await(nanos, TimeUnit.NANOSECONDS);
            }
            return !present.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes those who wait for a change; for closing. */
    public void wakeUp() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a listener and tells it who is there.
     *
     * @param listener called on a thread of the toolkit
     * @return ends it when closed
     */
    public Registration listen(PeerListener listener) {
        lock.lock();
        try {
            PeerListener unique = listener::onPeer;
            listeners.add(unique);
            for (Peer peer : present) {
                if (peer.announced) {
                    deliver(unique, new PeerEvent(PeerEvent.Kind.JOINED, peer.info));
                }
            }
            return () -> remove(unique);
        } finally {
            lock.unlock();
        }
    }

    private void remove(PeerListener listener) {
        lock.lock();
        try {
            listeners.remove(listener);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The exception that says who has gone.
     *
     * @param what the channel and what became of the call
     * @return a {@link PeerDiedException} if the last one to go died
     */
    public PeerGoneException goneException(String what) {
        lock.lock();
        try {
            return lastDied
                    ? new PeerDiedException(what + ": " + lastGone + " died", lastGone)
                    : new PeerGoneException(what + ": " + lastGone + " has closed its end", lastGone);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells whether the end of the channel is that of a process, and not of what it had to say.
     *
     * @return whether the last peer to go died
     */
    public boolean lastDied() {
        lock.lock();
        try {
            return lastDied;
        } finally {
            lock.unlock();
        }
    }

    private void publish(PeerEvent event) {
        for (PeerListener listener : listeners) {
            deliver(listener, event);
        }
    }

    private static void deliver(PeerListener listener, PeerEvent event) {
        Background.events().execute(() -> listener.onPeer(event));
    }
}

package org.jvmipc.internal;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerInfo;
import org.jvmipc.PeerListener;
import org.jvmipc.Registration;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.spi.Counting;
import org.jvmipc.spi.Log;
import org.jvmipc.spi.ParkReadiness;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Waiter;

/**
 * What the sending and the receiving end have in common: the guard that lets one thread at a time at the port, closing,
 * and the peers.
 *
 * <p>Closing never waits for a thread that holds the guard, as that may be in a user's handler: whoever lets go of the
 * guard last closes the port. A port for single threads has no guard until an asynchronous form is used; it copes with
 * being closed at any time.
 *
 * <p>The guard is held for moments, but for a user's handler, which may take as long as it likes ({@link #handling}):
 * calls that must not wait and threads that others share give up then, and those who may wait do so where closing can
 * wake them.
 */
abstract class PortEndpoint implements EndCounters.Totals {
    /**
     * So many messages an end of a single thread moves before it tells others, once it has moved many: telling is two
     * checked stores into mapped memory, which shows beside a ring's few stores a message; counting is two additions.
     */
    private static final int TOLD_AFTER = 64;
    /** Before that, 1/16 of what it has moved: an end that moves few may not come to rest where it could tell. */
    private static final int TOLD_SHIFT = 4;
    private static final long IDLE_MILLIS = 100;
    /** A thread that is at the port for a moment mostly has gone before these many looks. */
    private static final int YIELDS = 100;
    private static final long PAUSE_NANOS = 50_000;

    final Address address;
    final Waiter waiter;
    final EndCounters counters;
    private final Port port;
    private final Peers peers;
    private final ReentrantLock lock = new ReentrantLock();
    /** Tells those whom a handler keeps out. */
    private final ParkReadiness free = new ParkReadiness(this::isFree);
    private final Queue<Registration> watches = new ConcurrentLinkedQueue<>();
    private volatile boolean guarded;
    private volatile boolean inHandler;
    private volatile boolean closed;
    /** False once it is guarded or closed: all that a call of a single thread has to look at. */
    private volatile boolean plain;
    private volatile long lastIdle = System.nanoTime();
    private boolean portClosed;
    /** What was sent, or about how many were received: receivers tell more exactly by other numbers. */
    private long messages;
    private long bytes;
    /** How many messages there were when others were told. */
    private long told;
    /** How many messages there must be for others to be told again. */
    private long tellAt;

    PortEndpoint(Address address, Port port, Peers peers, Waiter waiter, boolean guarded, ChannelStats.End end) {
        this.address = address;
        this.counters = new EndCounters(address.toString(), end);
        if (peers != null) {
            peers.belongTo(address.toString());
        }
        Log.debug(() -> address + " was opened by its " + end);
        this.port = port;
        this.peers = peers;
        this.waiter = waiter;
        this.guarded = guarded;
        this.plain = !guarded;
        this.tellAt = guarded ? Long.MIN_VALUE : 0;
    }

    /** Whether the endpoint is open, and only one thread comes to the port. */
    final boolean isPlain() {
        return plain;
    }

    /** Lets this thread at a port without handlers, after others; to be followed by {@link #leave}. */
    final void enter() {
        if (guarded) {
            lock.lock();
        }
    }

    /**
     * As {@link #enter}, for calls that must not wait: false if another thread is in a user's handler.
     *
     * @throws ChannelClosedException if it is and the endpoint was closed
     */
    final boolean tryEnter() {
        if (!guarded) {
            return true;
        }
        for (int looks = 0; !lock.tryLock(); looks++) {
            if (inHandler) {
                checkOpen();
                return false;
            }
            if (looks < YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return true;
    }

    /**
     * As {@link #enter}, with a deadline; false if it passed while another thread was in a user's handler.
     *
     * @throws ChannelClosedException if the endpoint was closed meanwhile
     */
    final boolean enter(long deadline) throws InterruptedException {
        while (!tryEnter()) {
            if (!waiter.await(free, deadline)) {
                return false;
            }
        }
        return true;
    }

    /** Runs a task when the handler that kept this thread out has ended, or at closing; on a thread shared by all. */
    final void whenFree(Runnable task) {
        free.arm(task);
    }

    private boolean isFree() {
        return closed || !inHandler;
    }

    final void leave() {
        // Not "if guarded": that may have changed since this thread entered.
        if (lock.isHeldByCurrentThread()) {
            lock.unlock();
            free.signal();
            if (closed) {
                finishClose();
            }
        }
    }

    /** Tells that a user's handler begins or ends; by the thread that has entered. */
    final void handling(boolean begins) {
        inHandler = begins;
    }

    /** Whether more than one thread may come to the port. */
    final boolean isGuarded() {
        return guarded;
    }

    /** From now on there are background threads at the port, too. */
    final void guard() {
        tellIfDue();
        plain = false;
        guarded = true;
        tellAt = Long.MIN_VALUE;
    }

    final boolean isClosed() {
        return closed;
    }

    final void checkOpen() {
        if (closed) {
            throw new ChannelClosedException(address + " was closed");
        }
    }

    public final Address address() {
        return address;
    }

    public final boolean isOpen() {
        return !closed;
    }

    public final void close() {
        plain = false;
        closed = true;
        port.readiness().wakeUp();
        free.signal();
        wakeOthers();
        if (peers != null) {
            peers.wakeUp();
        }
        if (!guarded) {
            finishLocked();
        } else {
            finishClose();
        }
    }

    private void finishClose() {
        if (!lock.isHeldByCurrentThread() && lock.tryLock()) {
            try {
                finishLocked();
            } finally {
                lock.unlock();
            }
        }
    }

    private void finishLocked() {
        synchronized (this) {
            if (portClosed) {
                return;
            }
            portClosed = true;
        }
        watches.forEach(Registration::close);
        beforePortCloses();
        counters.dropped(dropped());
        counters.tell();
        counters.close();
        port.close();
        Log.debug(() -> address + " was closed: " + counters.stats());
    }

    /** Messages were accepted, or taken back; under the guard. */
    final void count(int change, long changeOfBytes) {
        if (!Counting.ON) {
            return;
        }
        bytes += changeOfBytes;
        moved(change);
    }

    @Override
    public long messages() {
        return messages;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** A call has moved messages; under the guard. */
    final void moved(int change) {
        if (!Counting.ON) {
            return;
        }
        long now = messages + change;
        messages = now;
        if (now >= tellAt) {
            tell();
        }
    }

    private void tell() {
        told = messages;
        tellAt = plain ? told + Math.max(1, Math.min(TOLD_AFTER, told >> TOLD_SHIFT)) : Long.MIN_VALUE;
        counters.tell();
    }

    /** Nothing moves at the moment: time for what was put off, which only an end with a single thread does. */
    final void tellIfDue() {
        if (plain && messages != told) {
            tell();
        }
    }

    /** To be called before each wait of a call, with what it returned before the last one, or null. */
    final Pause pausing(Pause before) {
        tellIfDue();
        return Pause.next(before, counters);
    }

    /** Messages that were dropped or missed so far. */
    abstract long dropped();

    /** Ends what is pending. */
    abstract void beforePortCloses();

    /** Wakes those who do not sleep on the port's readiness. */
    void wakeOthers() {
    }

    public final boolean awaitPeer(Duration timeout) throws InterruptedException {
        Peers known = peers();
        long deadline = Waiter.deadline(timeout);
        for (int attempt = 0;; attempt++) {
            checkOpen();
            port.idle();
            long slice = Math.min(Waiter.slice(deadline), 1_000_000L << Math.min(attempt, 4));
            if (known.awaitPresence(slice)) {
                return true;
            }
            checkOpen();
            if (slice <= 0) {
                return false;
            }
        }
    }

    public final Registration onPeer(PeerListener listener) {
        return onPeer(listener, port::idle);
    }

    /** The same for one half of a connection, which looks after the other half, too. */
    final Registration onPeer(PeerListener listener, PortEndpoint other) {
        return onPeer(listener, () -> {
            port.idle();
            other.look();
        });
    }

    private Registration onPeer(PeerListener listener, Runnable look) {
        checkOpen();
        Registration listening = peers().listen(listener);
        Registration ticking = Background.every(IDLE_MILLIS, look);
        Registration both = () -> {
            ticking.close();
            listening.close();
        };
        watches.add(both);
        if (closed) {
            both.close();
        }
        return () -> {
            watches.remove(both);
            both.close();
        };
    }

    /** Looks after the peers now; a connection of two channels knows that its peer has gone when both have seen it. */
    final void look() {
        if (!closed) {
            port.idle();
        }
    }

    /** What to tell those who wait for peers that have gone. */
    final PeerGoneException gone(String what) {
        return peers == null ? new PeerGoneException(what, PeerInfo.UNKNOWN) : peers.goneException(what);
    }

    /** Why the channel has ended, if the last peer to go died; otherwise null. */
    final PeerGoneException death() {
        return peers != null && peers.lastDied() ? peers.goneException(address + " has ended") : null;
    }

    private Peers peers() {
        if (peers == null) {
            throw new UnsupportedOperationException(address.scheme() + ": cannot know its peers here; mem:, shm:, "
                    + "fifo:, pipe: and unix: with type=stream or type=seqpacket can");
        }
        return peers;
    }

    /** How many peers are there now; who only asks for the status sees them come and go as well. */
    final int peersAlive() {
        if (peers != null && !closed) {
            port.idle();
        }
        return peers == null ? -1 : peers.alive();
    }

    /** Waits for the port; false if the deadline has passed. Looks after the peers in between. */
    final boolean await(long deadline) throws InterruptedException {
        boolean inTime = waiter.await(port.readiness(), deadline);
        idleIfDue();
        return inTime;
    }

    /** Waits a little where nothing tells of a receiver that comes; false if the deadline has passed. */
    final boolean awaitReceiver(int attempt, long deadline) throws InterruptedException {
        port.idle();
        return Waiter.pause(attempt, deadline);
    }

    /** Looks after the peers, unless that was done a moment ago; so they are seen by callers that never wait long. */
    final void idleIfDue() {
        long now = System.nanoTime();
        if (now - lastIdle > Waiter.SLICE_NANOS / 2) {
            lastIdle = now;
            port.idle();
            counters.dropped(dropped());
        }
    }
}

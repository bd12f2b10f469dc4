package org.jvmipc.shm;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Claim;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.SendResult;
import org.jvmipc.posix.FutexReadiness;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.Patrol;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Readiness;

/**
 * The port that sends into a ring of several participants. As {@link ShmSender}, it pays one look at one word for all
 * that may have happened to the others; here that word counts their comings and goings.
 */
final class RingSender implements MessageOut {
    private static final long LOOK = -1;

    private final String address;
    private final int maxMessage;
    private final boolean confirms;
    /** Where the comings and goings of receivers are counted. */
    private final int changes;
    /** Where receivers sleep. */
    private final int receivers;
    private final boolean waitsForPeers;
    private final Usage usage = new Usage(this::leave);
    private final Bell room;
    private final Bell taken;
    private final Patrol patrol = new Patrol(64);
    private final RingClaim claim = new RingClaim();
    /** Messages whose receipt somebody waits for. */
    private final ConcurrentSkipListSet<Long> tickets = new ConcurrentSkipListSet<>();
    private final Runnable closer = this::close;
    /** Null once the segment was left: it may then be unmapped. */
    private volatile Hold hold;
    private volatile long knownChanges;
    private volatile int knownVersion;
    private final Breakage breakage;

    // For the thread that sends, which finds here all that it needs as long as nothing has happened.
    private Hold fast;
    /** The count of changes at which there is nothing to look at; {@link #LOOK} if there is always. */
    private long expected = LOOK;
    private boolean signals;
    private long lastTicket;

    /** What is held while the port is open. */
    private record Hold(Segment segment, ByteBuffer buffer, MappedMemory memory, OutRing ring, Crowd crowd) {
    }

    RingSender(Segment segment, OutRing ring, Peers peers, Terms terms) {
        this.address = segment.address();
        this.breakage = new Breakage(address);
        this.waitsForPeers = terms.waitsForPeers();
        this.maxMessage = terms.maxMessage(ring.maxMessage(), segment.capacity());
        this.confirms = ring.confirms();
        Geometry geometry = segment.geometry();
        this.changes = geometry.changes(Side.CONSUMER);
        this.receivers = geometry.bell(Side.CONSUMER, 0);
        this.hold = new Hold(segment, segment.memory(), new MappedMemory(segment.memory()), ring,
                new Crowd(segment, peers));
        int bell = geometry.bell(Side.PRODUCER, segment.place());
        this.room = terms.bell(segment.memory(), bell, this::mayOffer);
        this.taken = terms.bell(segment.memory(), bell, this::mayBeTaken);
        this.fast = hold;
        lookAround(hold);
        OpenPorts.add(closer, terms.maySleep());
    }

    @Override
    public SendResult offer(ByteBuffer message) {
        try {
            return usage.enter() ? offer(fast, message) : SendResult.CLOSED;
        } catch (InternalError gone) {
            throw breakOff(breakage.found(gone));
        } catch (SegmentCorruptedException found) {
            throw breakOff(breakage.found(found));
        } finally {
            usage.exit();
        }
    }

    private SendResult offer(Hold held, ByteBuffer message) {
        if (isCutOff(held)) {
            return SendResult.CLOSED;
        }
        if (held.ring.offer(message)) {
            wakeReceivers(held);
            return SendResult.SENT;
        }
        return full(held);
    }

    @Override
    public int offerAll(ByteBuffer messages, int size) {
        try {
            Hold held = fast;
            if (!usage.enter() || isCutOff(held)) {
                return GONE;
            }
            int count = held.ring.offerAll(messages, size);
            if (count > 0) {
                wakeReceivers(held);
                return count;
            }
            return full(held) == SendResult.CLOSED ? GONE : 0;
        } catch (InternalError gone) {
            throw breakOff(breakage.found(gone));
        } catch (SegmentCorruptedException found) {
            throw breakOff(breakage.found(found));
        } finally {
            usage.exit();
        }
    }

    private SendResult full(Hold held) {
        // There may be new padding for it.
        wakeReceivers(held);
        if (held.crowd.version() != knownVersion) {
            expected = LOOK;
        }
        return isCutOff(held) ? SendResult.CLOSED : SendResult.FULL;
    }

    /** Whether nobody will take what is sent. Looks at the peer's life from time to time. */
    private boolean isCutOff(Hold held) {
        if (patrol.pass()) {
            idle();
            expected = LOOK;
        }
        return held.memory.getOpaque(changes) != expected && lookAround(held);
    }

    private boolean lookAround(Hold held) {
        breakage.check();
        long counted = held.memory.getAcquire(changes);
        held.crowd.look();
        int version = held.crowd.version();
        held.ring.othersChanged(held.crowd);
        signals = held.crowd.maySleep();
        knownVersion = version;
        knownChanges = counted;
        boolean cutOff = held.crowd.isGone() && !waitsForPeers;
        expected = cutOff ? LOOK : counted;
        return cutOff;
    }

    /** After publishing. */
    private void wakeReceivers(Hold held) {
        if (held.memory.getOpaque(changes) != expected) {
            lookAround(held);
        }
        if (signals) {
            VarHandle.fullFence();
            FutexReadiness.signal(held.buffer, receivers, receivers + Integer.BYTES);
        }
    }

    /** The segment is of no use to this end any more; returns what to throw. */
    private SegmentCorruptedException breakOff(SegmentCorruptedException told) {
        expected = LOOK;
        room.wakeUp();
        taken.wakeUp();
        return told;
    }

    /** The predicate of {@link #room}. */
    private boolean mayOffer() {
        Hold held = hold;
        return held == null || held.ring.mayOffer() || mustLook(held);
    }

    /** The predicate of {@link #taken}. */
    private boolean mayBeTaken() {
        Hold held = hold;
        if (held == null || mustLook(held)) {
            return true;
        }
        for (long ticket : tickets) {
            // Where there are several consumers, a later message may be taken before an earlier one.
            if (held.ring.isTaken(ticket)) {
                return true;
            }
        }
        return false;
    }

    private boolean mustLook(Hold held) {
        return usage.isClosed() || breakage.isKnown()
                || held.memory.getOpaque(changes) != knownChanges || held.crowd.version() != knownVersion
                || held.crowd.isGone() && !waitsForPeers;
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public String limitAdvice() {
        return "make the channel with a larger capacity, on which the limit depends, raise maxMessage if it is given, "
                + "or send it in parts";
    }

    @Override
    public boolean singleThreaded() {
        return true;
    }

    @Override
    public boolean confirms() {
        return confirms;
    }

    @Override
    public String transferAdvice() {
        return "with overflow=dropOldest nobody waits for readers, so it cannot transfer; ring=broadcast without that, "
                + "ring=spsc and ring=mpsc can";
    }

    @Override
    public SendResult offerForReceipt(ByteBuffer message) {
        SendResult result = offer(message);
        Hold held = fast;
        if (result == SendResult.SENT && held != null) {
            lastTicket = held.ring.position();
            tickets.add(lastTicket);
        }
        return result;
    }

    @Override
    public long lastTicket() {
        return lastTicket;
    }

    @Override
    public boolean isTaken(long ticket) {
        Hold held = hold;
        if (held == null) {
            return false;
        }
        if (held.ring.isTaken(ticket)) {
            tickets.remove(ticket);
            return true;
        }
        breakage.check();
        long counted = held.memory.getAcquire(changes);
        held.crowd.look();
        int version = held.crowd.version();
        held.ring.othersGone(held.crowd);
        knownVersion = version;
        knownChanges = counted;
        if (held.crowd.isGone() && !waitsForPeers && !held.ring.isTaken(ticket)) {
            tickets.remove(ticket);
            throw held.crowd.goneException(address + ": the message was sent, and nobody took it");
        }
        return false;
    }

    @Override
    public boolean withdraw(long ticket) {
        tickets.remove(ticket);
        return false;
    }

    @Override
    public Readiness takenReadiness() {
        return taken;
    }

    @Override
    public boolean lends() {
        return true;
    }

    @Override
    public Claim tryClaim(int length) {
        boolean lent = false;
        try {
            if (!usage.enter()) {
                return null;
            }
            Hold held = fast;
            if (isCutOff(held)) {
                return null;
            }
            ByteBuffer buffer = held.ring.tryClaim(length);
            if (buffer == null) {
                full(held);
                return null;
            }
            lent = true;
            return claim.of(held, buffer);
        } catch (InternalError gone) {
            throw breakOff(breakage.found(gone));
        } catch (SegmentCorruptedException found) {
            throw breakOff(breakage.found(found));
        } finally {
            if (!lent) {
                usage.exit();
            }
        }
    }

    @Override
    public Readiness readiness() {
        return room;
    }

    @Override
    public void idle() {
        Hold held = hold;
        if (held != null && held.crowd.lookForLife()) {
            // If this store is overtaken by one of the thread in a call, its patrol finds out.
            expected = LOOK;
            room.wakeUp();
            taken.wakeUp();
        }
    }

    @Override
    public void close() {
        usage.close(claim.isOpen());
    }

    /** Runs once, when no thread is in a call. */
    private void leave() {
        Hold held = hold;
        hold = null;
        fast = null;
        OpenPorts.remove(closer);
        room.close();
        taken.close();
        held.crowd.close();
        held.segment.leave();
    }

    @Override
    public long depthMessages() {
        Hold held = hold;
        return held == null ? -1 : held.ring.depthMessages();
    }

    @Override
    public long depthBytes() {
        Hold held = hold;
        return held == null ? -1 : held.ring.depthBytes();
    }

    @Override
    public long capacityBytes() {
        Hold held = hold;
        return held == null ? -1 : held.segment.capacity();
    }

    @Override
    public String heldUpBy() {
        Hold held = hold;
        return held == null ? "" : held.ring.heldUpBy(held.crowd);
    }

    /** The one claim that may be open; the thread that made it is in a call until it ends. */
    private final class RingClaim implements Claim {
        private Hold held;
        private ByteBuffer buffer;

        RingClaim of(Hold in, ByteBuffer room) {
            held = in;
            buffer = room;
            return this;
        }

        boolean isOpen() {
            return held != null;
        }

        @Override
        public ByteBuffer buffer() {
            if (held == null) {
                throw new IllegalStateException("the claim has ended");
            }
            return buffer;
        }

        @Override
        public void commit() {
            Hold in = held;
            end();
            try {
                if (in == null || usage.isClosed()) {
                    throw new ChannelClosedException(address + " was closed");
                }
                if (in.memory.getOpaque(changes) != expected) {
                    lookAround(in);
                }
                in.ring.commitClaim();
                wakeReceivers(in);
            } catch (InternalError gone) {
                throw breakOff(breakage.found(gone));
            } finally {
                usage.exit();
            }
        }

        @Override
        public void abort() {
            if (held != null) {
                Hold in = held;
                end();
                try {
                    in.ring.abortClaim();
                    // What others sent later may have waited for this.
                    wakeReceivers(in);
                } catch (InternalError gone) {
                    throw breakOff(breakage.found(gone));
                } finally {
                    usage.exit();
                }
            }
        }

        private void end() {
            held = null;
            buffer = null;
        }
    }
}

package org.jvmipc.shm;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Claim;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.SendResult;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.Patrol;
import org.jvmipc.spi.Readiness;

/** The port that sends into a ring of one producer and one consumer. */
final class ShmSender implements MessageOut {
    private static final long LOOK = -1;

    private final String address;
    private final int maxMessage;
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
    private volatile long knownPresence;
    private final Breakage breakage;

    // For the thread that sends, which finds here all that it needs as long as nothing has happened.
    private Hold fast;
    /** The presence of the receiver at which there is nothing to look at; {@link #LOOK} if there is always. */
    private long expected = LOOK;
    private boolean signals;
    private long lastTicket;

    /** What is held while the port is open. */
    private record Hold(Segment segment, ByteBuffer buffer, MappedMemory memory, SpscRing.Producer ring,
            PeerWatch watch) {
    }

    ShmSender(Segment segment, PeerTracker tracker, Terms terms) {
        this.address = segment.address();
        this.breakage = new Breakage(address);
        this.waitsForPeers = terms.waitsForPeers();
        this.maxMessage = terms.maxMessage(segment.capacity());
        MappedMemory memory = new MappedMemory(segment.memory());
        this.hold = new Hold(segment, segment.memory(), memory, new SpscRing.Producer(memory, segment.capacity()),
                new PeerWatch(segment, tracker));
        this.room = terms.bell(segment.memory(), SegmentLayout.PRODUCER_SEQUENCE, this::mayOffer);
        this.taken = terms.bell(segment.memory(), SegmentLayout.PRODUCER_SEQUENCE, this::mayBeTaken);
        this.fast = hold;
        knownPresence = hold.watch.look();
        OpenPorts.add(closer, terms.maySleep());
    }

    /**
     * The way of most messages, kept short: what seldom happens stands in methods of its own, and there is one handler
     * for all that is thrown, as the compiler writes out each of them.
     */
    @Override
    public SendResult offer(ByteBuffer message) {
        Hold held = fast;
        try {
            if (usage.enter() && !isCutOff(held) && held.ring.offer(message)) {
                // A consumer that has come since then looks at the ring before it first sleeps.
                if (signals) {
                    wakeConsumer(held);
                }
                usage.exit();
                return SendResult.SENT;
            }
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        return refused(held);
    }

    /** Ends a call in which nothing was sent. */
    private SendResult refused(Hold held) {
        try {
            return usage.isClosed() ? SendResult.CLOSED : full(held);
        } catch (InternalError gone) {
            throw breakOff(breakage.found(gone));
        } catch (SegmentCorruptedException found) {
            throw breakOff(breakage.found(found));
        } finally {
            usage.exit();
        }
    }

    /** Ends a call that threw something; returns what to throw. No checked exception is thrown in there. */
    private RuntimeException failed(Throwable thrown) {
        usage.exit();
        if (thrown instanceof InternalError gone) {
            return breakOff(breakage.found(gone));
        }
        if (thrown instanceof SegmentCorruptedException found) {
            return breakOff(breakage.found(found));
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return (RuntimeException) thrown;
    }

    @Override
    public int offer(ByteBuffer[] messages, int offset, int length) {
        try {
            Hold held = fast;
            if (!usage.enter() || isCutOff(held)) {
                return GONE;
            }
            return published(held, held.ring.offer(messages, offset, length));
        } catch (InternalError gone) {
            throw breakOff(breakage.found(gone));
        } catch (SegmentCorruptedException found) {
            throw breakOff(breakage.found(found));
        } finally {
            usage.exit();
        }
    }

    @Override
    public int offerAll(ByteBuffer messages, int size) {
        try {
            Hold held = fast;
            if (!usage.enter() || isCutOff(held)) {
                return GONE;
            }
            return published(held, held.ring.offerAll(messages, size));
        } catch (InternalError gone) {
            throw breakOff(breakage.found(gone));
        } catch (SegmentCorruptedException found) {
            throw breakOff(breakage.found(found));
        } finally {
            usage.exit();
        }
    }

    private int published(Hold held, int count) {
        if (count > 0) {
            wakeConsumer(held);
            return count;
        }
        return full(held) == SendResult.CLOSED ? GONE : 0;
    }

    private SendResult full(Hold held) {
        // There may be new padding for it.
        wakeConsumer(held);
        expected = LOOK;
        return isCutOff(held) ? SendResult.CLOSED : SendResult.FULL;
    }

    /** Whether nobody will take what is sent. Looks at the peer's life from time to time. */
    private boolean isCutOff(Hold held) {
        if (patrol.pass()) {
            idle();
            expected = LOOK;
        }
        return held.ring.glance(SegmentLayout.CONSUMER_SLOT) != expected && lookAround(held);
    }

    private boolean lookAround(Hold held) {
        breakage.check();
        long presence = held.watch.look();
        signals = SegmentLayout.maySleep(presence);
        knownPresence = presence;
        boolean cutOff = held.watch.isGone() && !waitsForPeers;
        expected = cutOff ? LOOK : presence;
        return cutOff;
    }

    /** After publishing. */
    private void wakeConsumer(Hold held) {
        if (held.memory.getOpaque(SegmentLayout.CONSUMER_SLOT) != expected) {
            lookAround(held);
        }
        if (signals) {
            VarHandle.fullFence();
            Segment.signalConsumer(held.buffer);
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
        return held == null || held.ring.hasAwaitedRoom() || mustLook(held);
    }

    /** The predicate of {@link #taken}. */
    private boolean mayBeTaken() {
        Hold held = hold;
        if (held == null || mustLook(held)) {
            return true;
        }
        Long first = tickets.isEmpty() ? null : tickets.ceiling(Long.MIN_VALUE);
        return first != null && held.ring.isTaken(first);
    }

    private boolean mustLook(Hold held) {
        return usage.isClosed() || breakage.isKnown()
                || held.memory.getOpaque(SegmentLayout.CONSUMER_SLOT) != knownPresence
                || held.watch.isGone() && !waitsForPeers;
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public String limitAdvice() {
        return "open the channel with a larger capacity (the limit is capacity minus "
                + SegmentLayout.LARGEST_OVERHEAD + ", or maxMessage), or send it in parts";
    }

    @Override
    public boolean singleThreaded() {
        return true;
    }

    @Override
    public boolean settles() {
        return true;
    }

    @Override
    public boolean confirms() {
        return true;
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
        knownPresence = held.watch.look();
        if (held.watch.isGone() && !waitsForPeers && !held.ring.isTaken(ticket)) {
            tickets.remove(ticket);
            throw held.watch.goneException(address + ": the message was sent, and nobody took it");
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
        if (held != null && held.watch.lookForLife()) {
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
        held.watch.close();
        held.segment.leave();
    }

    @Override
    public long depthMessages() {
        Hold held = hold;
        return held == null ? -1 : SpscRing.depthMessages(held.memory, held.segment.capacity());
    }

    @Override
    public long depthBytes() {
        Hold held = hold;
        return held == null ? -1 : SpscRing.depthBytes(held.memory, held.segment.capacity());
    }

    @Override
    public long capacityBytes() {
        Hold held = hold;
        return held == null ? -1 : held.segment.capacity();
    }

    @Override
    public String heldUpBy() {
        Hold held = hold;
        return held == null ? "" : held.watch.present();
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
                in.ring.commitClaim();
                wakeConsumer(in);
            } catch (InternalError gone) {
                throw breakOff(breakage.found(gone));
            } finally {
                usage.exit();
            }
        }

        @Override
        public void abort() {
            if (held != null) {
                end();
                usage.exit();
            }
        }

        private void end() {
            held = null;
            buffer = null;
        }
    }
}

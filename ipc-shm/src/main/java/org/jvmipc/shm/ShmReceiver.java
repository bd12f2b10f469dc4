package org.jvmipc.shm;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jvmipc.MessageHandler;
import org.jvmipc.PeerInfo;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Patrol;
import org.jvmipc.spi.Readiness;

/** The port that receives from a ring of one producer and one consumer. */
final class ShmReceiver implements MessageIn {
    private static final long LOOK = -1;
    /** After so many messages a producer that waits for room is told, although there are more. */
    private static final int BATCH = 16;
    /** Instead of a limit: show one message, and take none. */
    private static final int PEEK = 0;

    private final String address;
    private final boolean waitsForPeers;
    private final Usage usage = new Usage(this::leave);
    private final Bell items;
    private final Runnable closer = this::close;
    /** Null once the segment was left: it may then be unmapped. */
    private volatile Hold hold;
    private volatile long knownPresence;
    private final Breakage breakage;
    /** What the ring had handed over when the segment was left. */
    private volatile long handedOver;
    private volatile long handedOverBytes;

    // For the thread that receives, which finds here all that it needs as long as nothing has happened.
    private Hold fast;
    /** The presence of the sender at which there is nothing to look at; {@link #LOOK} if there is always. */
    private long expected = LOOK;
    private boolean signals;
    private final Patrol patrol = new Patrol(16);
    private final Pacing pacing = new Pacing();

    /** What is held while the port is open. */
    private record Hold(Segment segment, ByteBuffer buffer, MappedMemory memory, SpscRing.Consumer ring,
            PeerWatch watch, Origin origin) {
    }

    ShmReceiver(Segment segment, PeerTracker tracker, Terms terms) {
        this.address = segment.address();
        this.breakage = new Breakage(address);
        this.waitsForPeers = terms.waitsForPeers();
        MappedMemory memory = new MappedMemory(segment.memory());
        int capacity = segment.capacity();
        PeerWatch watch = new PeerWatch(segment, tracker);
        this.hold = new Hold(segment, segment.memory(), memory, new SpscRing.Consumer(memory, capacity), watch,
                new Origin(segment.otherSlot(), watch, () -> RingRecords.end(memory, capacity)));
        this.items = terms.bell(segment.memory(), SegmentLayout.CONSUMER_SEQUENCE, this::mayPoll);
        if (hold.ring.hasRecord()) {
            hold.watch.followsSomebody();
        }
        this.fast = hold;
        knownPresence = hold.watch.look();
        OpenPorts.add(closer, terms.maySleep());
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        if (usage.isInside()) {
            throw new IllegalStateException(address + ": a handler must not read the receiver that called it");
        }
        Hold held = fast;
        try {
            if (!usage.enter() || held == null) {
                return 0;
            }
            boolean quiet = held.memory.getOpaque(SegmentLayout.PRODUCER_SLOT) == expected;
            if (!quiet) {
                lookAround(held);
            }
            int count = limit == PEEK ? peek(held, handler) : pollBatches(held, handler, limit);
            if (pacing.isToRepeat(count)) {
                count = limit == PEEK ? peek(held, handler) : pollBatches(held, handler, limit);
            }
            return count != 0 || quiet && !patrol.pass() ? count : whenEmpty(held);
        } catch (InternalError gone) {
            throw breakOff(breakage.found(gone));
        } catch (SegmentCorruptedException found) {
            throw held.ring.isHandling() ? found : breakOff(breakage.found(found));
        } finally {
            usage.exit();
        }
    }

    @Override
    public boolean peeks() {
        return true;
    }

    @Override
    public int peek(MessageHandler handler) {
        return poll(handler, PEEK);
    }

    private int peek(Hold held, MessageHandler handler) {
        long before = held.ring.position();
        try {
            return held.ring.peek(handler) ? 1 : 0;
        } finally {
            // It passes over padding.
            if (held.ring.position() != before) {
                wakeProducer(held);
            }
        }
    }

    private int pollBatches(Hold held, MessageHandler handler, int limit) {
        int total = 0;
        int batch;
        int count;
        do {
            long before = held.ring.position();
            batch = Math.min(limit - total, BATCH);
            try {
                count = held.ring.poll(handler, batch);
            } finally {
                if (held.ring.position() != before) {
                    wakeProducer(held);
                }
            }
            total += count;
        } while (count == batch && total < limit);
        return total;
    }

    /** Whether nothing will come any more; asked when nothing was there. */
    private int whenEmpty(Hold held) {
        lookAround(held);
        // What the producer published before it left can be seen by now.
        return held.watch.isGone() && !waitsForPeers && !held.ring.hasRecord() ? END : 0;
    }

    private void lookAround(Hold held) {
        breakage.check();
        long presence = held.watch.look();
        held.origin.looked();
        signals = SegmentLayout.maySleep(presence);
        knownPresence = presence;
        expected = held.watch.isGone() ? LOOK : presence;
    }

    /** After making room. */
    private void wakeProducer(Hold held) {
        if (held.memory.getOpaque(SegmentLayout.PRODUCER_SLOT) != expected) {
            lookAround(held);
        }
        if (signals) {
            VarHandle.fullFence();
            Segment.signalProducer(held.buffer);
        }
    }

    /** The segment is of no use to this end any more; returns what to throw. */
    private SegmentCorruptedException breakOff(SegmentCorruptedException told) {
        expected = LOOK;
        items.wakeUp();
        return told;
    }

    /** The predicate of {@link #items}. */
    private boolean mayPoll() {
        Hold held = hold;
        return held == null || held.ring.hasRecord() || usage.isClosed() || breakage.isKnown()
                || held.memory.getOpaque(SegmentLayout.PRODUCER_SLOT) != knownPresence
                || held.watch.isGone() && !waitsForPeers;
    }

    @Override
    public PeerInfo lastSender() {
        Hold held = hold;
        return held == null ? PeerInfo.UNKNOWN : held.origin.of(held.ring.position());
    }

    @Override
    public boolean singleThreaded() {
        return true;
    }

    @Override
    public long handedOver() {
        Hold held = hold;
        return held == null ? handedOver : held.ring.handed();
    }

    @Override
    public long handedOverBytes() {
        Hold held = hold;
        return held == null ? handedOverBytes : held.ring.handedBytes();
    }

    @Override
    public Readiness readiness() {
        return items;
    }

    @Override
    public void idle() {
        Hold held = hold;
        if (held == null) {
            return;
        }
        try {
            held.ring.check();
        } catch (SegmentCorruptedException found) {
            breakOff(breakage.found(found));
        }
        if (held.watch.lookForLife()) {
            // If this store is overtaken by one of the thread in a call, its patrol finds out.
            expected = LOOK;
            items.wakeUp();
        }
    }

    @Override
    public void close() {
        Hold held = hold;
        if (held != null) {
            held.ring.stop();
        }
        usage.close(false);
    }

    /** Runs once, when no thread is in a call. */
    private void leave() {
        Hold held = hold;
        handedOver = held.ring.handed();
        handedOverBytes = held.ring.handedBytes();
        hold = null;
        fast = null;
        OpenPorts.remove(closer);
        items.close();
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
}

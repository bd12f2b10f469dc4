package org.jvmipc.shm;

import java.util.Arrays;
import org.jvmipc.MessageHandler;
import org.jvmipc.PeerInfo;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Patrol;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Readiness;

/**
 * The port that receives from a ring of several participants. As {@link ShmReceiver}, it pays one look at one word for
 * all that may have happened to the others; here that word counts their comings and goings.
 */
final class RingReceiver implements MessageIn {
    private static final long LOOK = -1;
    /** After so many messages a producer that waits for room is told, although there are more. */
    private static final int BATCH = 16;
    /** Instead of a limit: show one message, and take none. */
    private static final int PEEK = 0;

    private final String address;
    private final boolean waitsForPeers;
    private final Usage usage = new Usage(this::leave);
    /** Where the comings and goings of senders are counted. */
    private final int changes;
    private final Bell items;
    private final Runnable closer = this::close;
    /** Null once the segment was left: it may then be unmapped. */
    private volatile Hold hold;
    private volatile long knownChanges;
    private volatile int knownVersion;
    private final Breakage breakage;
    /** Kept for after the closing. */
    private volatile long dropped;

    // For the thread that receives, which finds here all that it needs as long as nothing has happened.
    private Hold fast;
    /** The count of changes at which there is nothing to look at; {@link #LOOK} if there is always. */
    private long expected = LOOK;
    private final Patrol patrol = new Patrol(16);
    private final Pacing pacing = new Pacing();

    /** What is held while the port is open. */
    private record Hold(Segment segment, MappedMemory memory, InRing ring, Crowd crowd, Origin[] origins) {
    }

    RingReceiver(Segment segment, InRing ring, Peers peers, Terms terms) {
        this.address = segment.address();
        this.breakage = new Breakage(address);
        this.waitsForPeers = terms.waitsForPeers();
        Geometry geometry = segment.geometry();
        this.changes = geometry.changes(Side.PRODUCER);
        Crowd crowd = new Crowd(segment, peers);
        Origin[] origins = new Origin[crowd.places()];
        Arrays.setAll(origins, place -> new Origin(segment.otherSlot(place), crowd.watch(place),
                () -> ring.published(place)));
        this.hold = new Hold(segment, new MappedMemory(segment.memory()), ring, crowd, origins);
        this.items = terms.bell(segment.memory(), geometry.bell(Side.CONSUMER, segment.place()), this::mayPoll);
        this.fast = hold;
        lookAround(hold);
        if (ring.hasMessage()) {
            hold.crowd.followsSomebody();
            lookAround(hold);
        }
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
            boolean quiet = held.memory.getOpaque(changes) == expected;
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
        try {
            return held.ring.peek(handler) ? 1 : 0;
        } finally {
            // It passes over padding.
            if (held.ring.hasFreed()) {
                wakeSenders(held);
            }
        }
    }

    private int pollBatches(Hold held, MessageHandler handler, int limit) {
        int total = 0;
        int count;
        do {
            try {
                count = held.ring.poll(handler, Math.min(limit - total, BATCH));
            } finally {
                if (held.ring.hasFreed()) {
                    wakeSenders(held);
                }
            }
            total += count;
        } while (count > 0 && total < limit);
        return total;
    }

    /** Whether nothing will come any more; asked when nothing was there. */
    private int whenEmpty(Hold held) {
        lookAround(held);
        // What the producer published before it left can be seen by now.
        boolean isOver = held.crowd.isGone() && !waitsForPeers && held.ring.hasBegun() && !held.ring.hasMessage();
        return isOver ? END : 0;
    }

    private void lookAround(Hold held) {
        breakage.check();
        long counted = held.memory.getAcquire(changes);
        held.crowd.look();
        int version = held.crowd.version();
        held.ring.othersChanged(held.crowd);
        for (Origin origin : held.origins) {
            origin.looked();
        }
        knownVersion = version;
        knownChanges = counted;
        expected = held.crowd.isGone() ? LOOK : counted;
    }

    /** After making room. */
    private void wakeSenders(Hold held) {
        if (held.memory.getOpaque(changes) != expected) {
            lookAround(held);
        }
        held.ring.wakeSenders();
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
        return held == null || held.ring.hasMessage() || usage.isClosed() || breakage.isKnown()
                || held.memory.getOpaque(changes) != knownChanges || held.crowd.version() != knownVersion
                || held.crowd.isGone() && !waitsForPeers;
    }

    /** The place of whoever sent the message that is being handed over. */
    int lastSource() {
        Hold held = hold;
        return held == null ? 0 : held.ring.lastSource();
    }

    @Override
    public PeerInfo lastSender() {
        Hold held = hold;
        int place = held == null ? InRing.UNKNOWN : held.ring.lastSource();
        return place == InRing.UNKNOWN ? PeerInfo.UNKNOWN : held.origins[place].of(held.ring.position());
    }

    @Override
    public boolean singleThreaded() {
        return true;
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
        held.ring.idle();
        if (held.crowd.lookForLife()) {
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
        hold = null;
        fast = null;
        OpenPorts.remove(closer);
        items.close();
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
        return held == null ? -1 : held.ring.capacityBytes();
    }

    @Override
    public long dropped() {
        Hold held = hold;
        if (held != null) {
            dropped = held.ring.dropped();
        }
        return dropped;
    }

    @Override
    public String heldUpBy() {
        Hold held = hold;
        return held == null ? "" : held.ring.heldUpBy(held.crowd);
    }
}

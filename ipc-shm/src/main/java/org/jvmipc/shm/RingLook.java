package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Condition;

/** What is in the rings of a segment, for tools. */
final class RingLook {
    /** More than this is not gone through for counting messages. */
    private static final int COUNTED_BYTES = 16 << 20;
    private static final int ATTEMPTS = 100;

    private final SegmentCopy copy;
    private final ByteBuffer header;
    private final Geometry geometry;
    private final PeerLives lives;
    private final Inspected into;

    private long messages;
    private long bytes;
    private long sent;
    private long taken;

    /**
     * Prepares a look.
     *
     * @param copy the file
     * @param header a copy of its header with all slots, checked
     * @param lives tells who lives
     * @param into gets what is found
     */
    RingLook(SegmentCopy copy, ByteBuffer header, PeerLives lives, Inspected into) {
        this.copy = copy;
        this.header = header;
        this.geometry = Geometry.of(header);
        this.lives = lives;
        this.into = into;
    }

    void describe() throws IOException {
        switch (geometry.kind()) {
            case SegmentLayout.KIND_DOOR -> into.detail("connections asked for",
                    header.getLong(SegmentLayout.TAIL)).holds(-1, -1, -1);
            case SegmentLayout.KIND_MPMC -> mpmc();
            default -> rings();
        }
        describeType();
    }

    private void describeType() {
        into.detail("capacity", geometry.capacity());
        into.detail("producers", geometry.producers());
        into.detail("consumers", geometry.consumers());
        if (header.getInt(SegmentLayout.FRAGMENTS) != 0) {
            into.detail("fragments", true);
        }
        if (header.getLong(SegmentLayout.TYPE_HASH) != 0) {
            into.detail("type", SegmentCheck.typeText(header));
            into.detail("type hash", Long.toHexString(header.getLong(SegmentLayout.TYPE_HASH)));
        }
        into.detail("generation", Long.toHexString(header.getLong(SegmentLayout.GENERATION)));
        into.detail("creator pid", header.getLong(SegmentLayout.CREATOR_PID));
    }

    /** One ring for all, or one for each producer. */
    private void rings() throws IOException {
        long[] lags = new long[geometry.places(Side.CONSUMER)];
        for (int ring = 0; ring < geometry.rings(); ring++) {
            long base = geometry.ring(ring);
            long[] ends = ends(base);
            long head = ends[0];
            long tail = ends[1];
            if (geometry.isBroadcast()) {
                head = readers(tail, lags);
            } else {
                lags[0] += tail - head;
            }
            if (tail - head < 0 || tail - head > geometry.capacity()) {
                damaged("ring " + ring + " says that it was written up to " + tail + " and read up to " + head
                        + ", which is not possible with a capacity of " + geometry.capacity());
                return;
            }
            sent += tail;
            taken += head;
            bytes += tail - head;
            if (messages >= 0) {
                long count = count(base, head, tail);
                messages = count < 0 ? -1 : messages + count;
            }
        }
        into.holds(messages, bytes, geometry.capacity() * geometry.rings()).flowed(sent, taken);
        peers(lags);
    }

    /** Head and tail of one moment; of a ring that is never at rest, of about one. */
    private long[] ends(long base) throws IOException {
        long head = copy.word(base + SegmentLayout.HEAD);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long tail = copy.word(base + SegmentLayout.TAIL);
            long now = copy.word(base + SegmentLayout.HEAD);
            if (now == head) {
                return new long[] {head, tail};
            }
            head = now;
        }
        return new long[] {head, head};
    }

    /** Counts from where the consumer is after the reading: what lies before that may have been written over. */
    private long count(long base, long head, long tail) throws IOException {
        int capacity = (int) geometry.capacity();
        if (tail == head) {
            return 0;
        }
        if (capacity > COUNTED_BYTES) {
            return -1;
        }
        ByteBuffer ring = ByteBuffer.allocateDirect(SegmentLayout.HEADER_SIZE + capacity)
                .order(ByteOrder.nativeOrder());
        int from = SegmentLayout.HEADER_SIZE + (int) (head & capacity - 1);
        int to = from + (int) (tail - head);
        copy.fill(ring.position(from).limit(Math.min(to, ring.capacity())), base + from);
        if (to > ring.capacity()) {
            ring.limit(to - capacity).position(SegmentLayout.HEADER_SIZE);
            copy.fill(ring, base + SegmentLayout.HEADER_SIZE);
        }
        ring.clear();
        long now = geometry.isBroadcast() ? readers(tail, new long[geometry.consumers()])
                : copy.word(base + SegmentLayout.HEAD);
        if (tail - now <= 0) {
            return 0;
        }
        long count = RingRecords.count(new MappedMemory(ring), capacity, now, tail);
        if (count < 0 && geometry.kind() != SegmentLayout.KIND_LOSSY) {
            damaged("what lies between the positions " + now + " and " + tail + " is not a row of records");
        }
        return count;
    }

    /** The least position of the readers who have joined, and how far each is behind. */
    private long readers(long tail, long[] lags) throws IOException {
        ByteBuffer lines = copy.read(geometry.readers(), geometry.consumers() * SegmentLayout.LINE);
        if (lines.limit() < lines.capacity()) {
            return tail;
        }
        Readers readers = new Readers(lines, 0, geometry.consumers());
        long least = tail;
        for (int place = 0; place < geometry.consumers(); place++) {
            long presence = new Slot(header, geometry.slot(Side.CONSUMER, place)).presence();
            if (SegmentLayout.isAttached(presence) && readers.hasJoined(place, presence)) {
                lags[place] = Math.max(0, Math.min(tail - readers.head(place), geometry.capacity()));
                least = Math.min(least, tail - lags[place]);
            }
        }
        return least;
    }

    private void mpmc() throws IOException {
        MpmcLayout layout = geometry.mpmc();
        long base = geometry.ring(0);
        ByteBuffer words = copy.read(base, layout.headerAt(0) + layout.cells() * Long.BYTES);
        long last = words.getLong(SegmentLayout.TAIL);
        long head = words.getLong(SegmentLayout.HEAD);
        long end = head;
        long inHand = 0;
        try {
            for (int i = 0; i < layout.cells(); i++) {
                long word = words.getLong(layout.headerAt(end));
                if (!layout.isOf(word, end) || end - head >= layout.lap()) {
                    break;
                }
                layout.checked(word, end);
                int state = layout.state(word);
                long size = MpmcLayout.size(layout.length(word));
                messages += state == MpmcLayout.COMMITTED ? 1 : 0;
                inHand += state >= MpmcLayout.TAKEN ? 1 : 0;
                bytes += state == MpmcLayout.DONE ? 0 : MpmcLayout.bytes(size);
                end += size;
            }
        } catch (SegmentCorruptedException broken) {
            damaged(broken.getMessage());
        }
        if (inHand > 0) {
            into.detail("messages in hand", inHand);
        }
        into.detail("claims of the dead skipped", words.getLong(layout.skippedAt()));
        into.holds(messages, bytes, geometry.capacity()).flowed(MpmcLayout.bytes(MpmcLayout.positionOf(last)),
                MpmcLayout.bytes(head));
        peers(new long[geometry.consumers()]);
    }

    private void damaged(String why) {
        into.condition(Condition.DAMAGED, why);
        into.holds(-1, -1, geometry.capacity());
    }

    /** Of a ring for many consumers nobody is behind by himself. */
    private void peers(long[] lags) {
        boolean each = geometry.kind() != SegmentLayout.KIND_MPMC;
        for (Side side : Side.values()) {
            for (int place = 0; place < geometry.places(side); place++) {
                Slot slot = new Slot(header, geometry.slot(side, place));
                if (SegmentLayout.isAttached(slot.presence())) {
                    long lag = side == Side.CONSUMER && each ? lags[place] : -1;
                    into.peer(lives.peer(geometry.role(side), slot.occupant(), lag, note(slot.presence())));
                }
            }
        }
    }

    static String note(long presence) {
        return (presence & SegmentLayout.KEEPS) != 0 ? "wants it kept" : "";
    }
}

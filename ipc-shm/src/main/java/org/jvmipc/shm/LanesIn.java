package org.jvmipc.shm;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jvmipc.MessageHandler;
import org.jvmipc.posix.FutexReadiness;

/**
 * The consumer of {@code ring=mpsc}: takes from the lanes of all producers in turn, a batch from each, so that a busy
 * one starves no other. It goes round the lanes that have a producer, or something left of one; each that is empty
 * costs a load of one word, which stays in the cache until something comes.
 */
final class LanesIn implements InRing {
    private final ByteBuffer segment;
    private final int capacity;
    private final Lane[] lanes;
    private volatile Lane[] active = {};
    /** One bit for each lane in {@link #active}. */
    private long activePlaces;
    private int next;
    /** The lane that is, or was last, looked into; and the one that had something there. */
    private Lane current;
    private Lane last;
    /** One bit for each lane in which room was made. */
    private long freed;

    /** One producer's ring. */
    private static final class Lane {
        final int place;
        final int bell;
        final RingMemory memory;
        final SpscRing.Consumer ring;
        boolean signals;

        Lane(Segment segment, int place, RingMemory memory) {
            this.place = place;
            this.bell = segment.geometry().bell(Side.PRODUCER, place);
            this.memory = memory;
            this.ring = new SpscRing.Consumer(memory, segment.capacity());
        }
    }

    LanesIn(Segment segment) {
        this(segment, place -> new MappedMemory(segment.ring(place)));
    }

    /** With a view of each lane. */
    LanesIn(Segment segment, IntFunction<RingMemory> views) {
        this.segment = segment.memory();
        this.capacity = segment.capacity();
        this.lanes = new Lane[segment.geometry().rings()];
        for (int place = 0; place < lanes.length; place++) {
            lanes[place] = new Lane(segment, place, views.apply(place));
        }
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        Lane[] round = active;
        for (int i = 0; i < round.length; i++) {
            if (next >= round.length) {
                next = 0;
            }
            Lane lane = round[next++];
            int count = poll(lane, handler, limit);
            if (count > 0) {
                return count;
            }
        }
        return 0;
    }

    @Override
    public boolean peek(MessageHandler handler) {
        Lane[] round = active;
        for (int i = 0; i < round.length; i++) {
            if (next >= round.length) {
                next = 0;
            }
            if (peek(round[next], handler)) {
                return true;
            }
            next++;
        }
        return false;
    }

    private boolean peek(Lane lane, MessageHandler handler) {
        long before = lane.ring.position();
        current = lane;
        try {
            return lane.ring.peek(handler);
        } finally {
            if (lane.ring.position() != before) {
                freed |= 1L << lane.place;
            }
        }
    }

    private int poll(Lane lane, MessageHandler handler, int limit) {
        long before = lane.ring.position();
        current = lane;
        int count = 0;
        try {
            count = lane.ring.poll(handler, limit);
            return count;
        } finally {
            if (lane.ring.position() != before) {
                freed |= 1L << lane.place;
                last = lane;
            }
        }
    }

    @Override
    public boolean hasFreed() {
        return freed != 0;
    }

    @Override
    public void wakeSenders() {
        boolean fenced = false;
        for (long left = freed; left != 0; left &= left - 1) {
            Lane lane = lanes[Long.numberOfTrailingZeros(left)];
            if (lane.signals) {
                if (!fenced) {
                    VarHandle.fullFence();
                    fenced = true;
                }
                FutexReadiness.signal(segment, lane.bell, lane.bell + Integer.BYTES);
            }
        }
        freed = 0;
    }

    @Override
    public void othersChanged(Crowd senders) {
        long worthWhile = 0;
        for (Lane lane : lanes) {
            long presence = senders.presence(lane.place);
            lane.signals = SegmentLayout.maySleep(presence);
            // What a producer had published when it was seen to be gone can be seen by now.
            if (presence != 0 || lane.ring.hasRecord()) {
                worthWhile |= 1L << lane.place;
            }
        }
        if (worthWhile != activePlaces) {
            activePlaces = worthWhile;
            activate(worthWhile);
        }
    }

    private void activate(long places) {
        List<Lane> worthWhile = new ArrayList<>();
        for (long left = places; left != 0; left &= left - 1) {
            worthWhile.add(lanes[Long.numberOfTrailingZeros(left)]);
        }
        // What was shown is what is taken next, whoever comes or goes in between.
        next = next < active.length ? Math.max(0, worthWhile.indexOf(active[next])) : 0;
        active = worthWhile.toArray(Lane[]::new);
    }

    @Override
    public boolean hasMessage() {
        for (Lane lane : active) {
            if (lane.ring.hasRecord()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int lastSource() {
        Lane handling = current;
        if (handling != null && handling.ring.isHandling()) {
            return handling.place;
        }
        Lane before = last;
        return before == null ? 0 : before.place;
    }

    @Override
    public long position() {
        return current == null ? 0 : current.ring.position();
    }

    @Override
    public long published(int place) {
        return RingRecords.end(lanes[place].memory, capacity);
    }

    @Override
    public boolean isHandling() {
        return current != null && current.ring.isHandling();
    }

    @Override
    public void stop() {
        for (Lane lane : lanes) {
            lane.ring.stop();
        }
    }

    @Override
    public void check() {
        for (Lane lane : lanes) {
            lane.ring.check();
        }
    }

    @Override
    public long depthMessages() {
        long total = 0;
        for (Lane lane : lanes) {
            long depth = SpscRing.depthMessages(lane.memory, capacity);
            if (depth < 0) {
                return -1;
            }
            total += depth;
        }
        return total;
    }

    @Override
    public long depthBytes() {
        long total = 0;
        for (Lane lane : lanes) {
            total += SpscRing.depthBytes(lane.memory, capacity);
        }
        return total;
    }

    @Override
    public long capacityBytes() {
        return (long) capacity * lanes.length;
    }
}

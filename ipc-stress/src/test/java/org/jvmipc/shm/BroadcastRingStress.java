package org.jvmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Broadcasts: the ring whose producer waits for nobody, and the beginning of a reader. (Otherwise the ring that waits
 * for its readers is that of {@link SpscRingStress}.) What is not named as acceptable is forbidden.
 */
public final class BroadcastRingStress {
    private static final int CAPACITY = 512;
    private static final Geometry LOSSY = new Geometry(SegmentLayout.KIND_LOSSY, CAPACITY, 1, 1);
    private static final Geometry LOSSLESS = new Geometry(SegmentLayout.KIND_BROADCAST, CAPACITY, 1, 1);
    /** Up to the line of the one reader. */
    private static final int BYTES = (int) LOSSLESS.readers() + SegmentLayout.LINE;

    private static final ByteBuffer OLD = Arena.message(-9, 48);
    private static final ByteBuffer[] SHORT = messages(104);
    /** Three of them are in the ring. */
    private static final ByteBuffer[] LONG = messages(CAPACITY / 4 - SegmentLayout.RECORD_HEADER);
    private static final ByteBuffer[] LONGEST = messages(SpscRing.maxMessage(CAPACITY));

    private BroadcastRingStress() {
    }

    private static ByteBuffer[] messages(int length) {
        return IntStream.rangeClosed(1, 16).mapToObj(i -> Arena.message(i, length)).toArray(ByteBuffer[]::new);
    }

    /** A lossy ring that has been gone round, and one reader. Its messages are numbered from 1. */
    private static class Ring {
        private final ByteBuffer memory = Arena.next(SegmentLayout.HEADER_SIZE + CAPACITY);
        private final LossyOut producer =
                new LossyOut(new MappedMemory(memory), CAPACITY, new Readers(memory, LOSSY));
        private final LossyCursor cursor = new LossyCursor(new MappedMemory(memory), CAPACITY);
        private final ByteBuffer[] messages;
        private int sent;
        private int taken;

        Ring(ByteBuffer[] messages) {
            this.messages = messages;
            if (!cursor.begin(0, 0)) {
                throw new IllegalStateException("a reader cannot begin in an empty ring");
            }
            for (int i = 0; i < 10; i++) {
                producer.offer(OLD.duplicate());
                while (cursor.copyNext() != LossyCursor.NOTHING) {
                    continue;
                }
            }
        }

        void send(int count) {
            for (int i = 0; i < count; i++) {
                producer.offer(messages[sent++].duplicate());
            }
        }

        /** The number of the next message, 0 if there is none, -1 if it is damaged or follows others than was told. */
        int take() {
            long missed = cursor.dropped();
            int length;
            do {
                length = cursor.copyNext();
            } while (length == LossyCursor.AGAIN);
            if (length == LossyCursor.NOTHING) {
                return 0;
            }
            int number = Arena.value(cursor.copied(length));
            taken += 1 + (int) (cursor.dropped() - missed);
            return number == taken ? number : -1;
        }
    }

    /** A reader that is fast enough sees whole messages in order. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Too early for both.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Between the two.")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "After both.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The first one came after the first look.")
    @State
    public static class Publish extends Ring {
        /** Goes round. */
        public Publish() {
            super(SHORT);
        }

        /** Sends both. */
        @Actor
        public void producer() {
            send(2);
        }

        /** Looks twice. */
        @Actor
        public void reader(II_Result result) {
            result.r1 = take();
            result.r2 = take();
        }
    }

    /** A reader that is lapped, perhaps more than once, sees no damaged message, and is told what it has missed. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "The producer was too fast.")
    @Outcome(id = "[1-9]|1[0-6]", expect = ACCEPTABLE, desc = "As it was sent.")
    @State
    public static class Lap extends Ring {
        /** Almost fills the ring. */
        public Lap() {
            super(LONG);
            send(3);
        }

        /** Goes round three times. */
        @Actor
        public void producer() {
            send(13);
        }

        /** Reads. */
        @Actor
        public void reader(I_Result result) {
            result.r1 = take();
        }
    }

    /** The same with messages each of which takes the whole ring. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "The producer was too fast.")
    @Outcome(id = "[1-9]|1[0-6]", expect = ACCEPTABLE, desc = "As it was sent.")
    @State
    public static class Fill extends Ring {
        /** Fills the ring. */
        public Fill() {
            super(LONGEST);
            send(1);
        }

        /** Fills it again and again. */
        @Actor
        public void producer() {
            send(4);
        }

        /** Reads. */
        @Actor
        public void reader(I_Result result) {
            result.r1 = take();
        }
    }

    /** A reader begins at one place, whoever says where, and is seen nowhere else once it has. */
    @JCStressTest
    @Outcome(id = "24, 24, 24", expect = ACCEPTABLE, desc = "Where it says itself.")
    @Outcome(id = "64, 64, 64", expect = ACCEPTABLE, desc = "Where the producer says.")
    @State
    public static class Join {
        private static final long PRESENCE = 1 << SegmentLayout.OCCUPANCY_SHIFT | SegmentLayout.ATTACHED;

        private final Readers readers = new Readers(Arena.next(BYTES), LOSSLESS);

        /** Somebody comes. */
        public Join() {
            readers.prepare(0, SegmentLayout.occupancy(PRESENCE));
        }

        /** Lets it in. */
        @Actor
        public void producer(III_Result result) {
            readers.letIn(0, PRESENCE, 64);
            result.r1 = (int) readers.head(0);
        }

        /** Begins by itself. */
        @Actor
        public void reader(III_Result result) {
            readers.enter(0, PRESENCE, 24);
            result.r2 = (int) readers.head(0);
        }

        /** Looks in the end. */
        @Arbiter
        public void end(III_Result result) {
            result.r3 = readers.hasJoined(0, PRESENCE) ? (int) readers.head(0) : -1;
        }
    }
}

package org.jvmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jvmipc.posix.FutexReadiness;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The ring of many producers and many consumers. What is not named as acceptable is forbidden. */
public final class MpmcRingStress {
    private static final MpmcLayout LAYOUT = new MpmcLayout(SegmentLayout.HEADER_SIZE, 2, 2, 512);

    private MpmcRingStress() {
    }

    private static MpmcRing ring(ByteBuffer memory) {
        return new MpmcRing(new MappedMemory(memory), LAYOUT, slot -> false, slot -> false);
    }

    /** A ring that has been gone round, and its participants. */
    private static class Ring {
        final ByteBuffer memory = Arena.next(LAYOUT.end());
        final MpmcProducer[] producers = {new MpmcProducer(ring(memory), 0), new MpmcProducer(ring(memory), 1)};
        final MpmcConsumer[] consumers = {new MpmcConsumer(ring(memory), 0), new MpmcConsumer(ring(memory), 1)};

        Ring() {
            for (int i = 0; i < 9; i++) {
                producers[0].offer(Arena.message(-9, 72));
                consumers[0].poll(message -> { }, 1);
            }
        }

        int poll(int consumer) {
            int[] value = {0};
            consumers[consumer].poll(message -> value[0] = Arena.value(message), 1);
            return value[0];
        }
    }

    /** A consumer sees whole messages in order. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Too early for both.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Between the two.")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "After both.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The first one came after the first look.")
    @State
    public static class Publish extends Ring {
        private final ByteBuffer first = Arena.message(1, 136);
        private final ByteBuffer second = Arena.message(2, 40);

        /** Sends both. */
        @Actor
        public void producer() {
            producers[0].offer(first);
            producers[0].offer(second);
        }

        /** Looks twice. */
        @Actor
        public void consumer(II_Result result) {
            result.r1 = poll(0);
            result.r2 = poll(0);
        }
    }

    /** One of two consumers gets the message. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "One of them has it.")
    @State
    public static class Take extends Ring {
        /** There is one message. */
        public Take() {
            producers[0].offer(Arena.message(1, 136));
        }

        /** Takes it, or not. */
        @Actor
        public void one(II_Result result) {
            result.r1 = poll(0);
        }

        /** Takes it, or not. */
        @Actor
        public void other(II_Result result) {
            result.r2 = poll(1);
        }
    }

    /** Two producers get room of their own. */
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = ACCEPTABLE, desc = "One after the other.")
    @State
    public static class Claim extends Ring {
        private final ByteBuffer first = Arena.message(1, 136);
        private final ByteBuffer second = Arena.message(2, 136);

        /** Sends. */
        @Actor
        public void one() {
            producers[0].offer(first);
        }

        /** Sends. */
        @Actor
        public void other() {
            producers[1].offer(second);
        }

        /** Takes both. */
        @Arbiter
        public void all(II_Result result) {
            result.r1 = poll(0);
            result.r2 = poll(1);
        }
    }

    /** The consumer sleeps only if the producer will see that it does, and wake it. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It saw the message before it slept.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "It would have slept, and was woken.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Woken, though it saw the message.")
    @State
    public static class SleepWithoutMessage extends Ring {
        private final ByteBuffer message = Arena.message(1, 8);
        private boolean seen;
        private final FutexReadiness readiness = new FutexReadiness(memory, SegmentLayout.CONSUMER_SEQUENCE,
                SegmentLayout.CONSUMER_ANNOUNCEMENT, () -> {
                    seen = consumers[0].hasRecord();
                    return true;
                });

        /** Is about to sleep. */
        @Actor
        public void consumer(II_Result result) {
            readiness.sleep(1);
            result.r1 = seen ? 1 : 0;
        }

        /** Sends and wakes. */
        @Actor
        public void producer() {
            producers[0].offer(message);
            VarHandle.fullFence();
            FutexReadiness.signal(memory, SegmentLayout.CONSUMER_SEQUENCE, SegmentLayout.CONSUMER_ANNOUNCEMENT);
        }

        /** Tells whether there was a wake-up. */
        @Arbiter
        public void woken(II_Result result) {
            result.r2 = memory.getInt(SegmentLayout.CONSUMER_SEQUENCE);
        }
    }

    /** The producer sleeps only if the consumer will see that it does, and wake it. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It saw the room before it slept.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "It would have slept, and was woken.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Woken, though it saw the room.")
    @State
    public static class SleepWithoutRoom extends Full {
        private boolean seen;
        private final FutexReadiness readiness = new FutexReadiness(memory, SegmentLayout.PRODUCER_SEQUENCE,
                SegmentLayout.PRODUCER_ANNOUNCEMENT, () -> {
                    seen = producers[0].hasAwaitedRoom();
                    return true;
                });

        /** Is about to sleep. */
        @Actor
        public void producer(II_Result result) {
            readiness.sleep(1);
            result.r1 = seen ? 1 : 0;
        }

        /** Takes the message. */
        @Actor
        public void consumer() {
            poll(0);
            VarHandle.fullFence();
            FutexReadiness.signal(memory, SegmentLayout.PRODUCER_SEQUENCE, SegmentLayout.PRODUCER_ANNOUNCEMENT);
        }

        /** Tells whether there was a wake-up. */
        @Arbiter
        public void woken(II_Result result) {
            result.r2 = memory.getInt(SegmentLayout.PRODUCER_SEQUENCE);
        }
    }

    /** A ring without room: one message fills it. */
    private static class Full extends Ring {
        Full() {
            while (!producers[0].offer(Arena.message(1, LAYOUT.maxMessage()))) {
                consumers[0].poll(message -> { }, 1);
            }
            producers[0].offer(Arena.message(1, 8));
        }
    }

    /** A producer writes over a message only when its handler has returned. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The message as it was sent.")
    @State
    public static class Reuse extends Full {
        private final ByteBuffer next = Arena.message(2, LAYOUT.maxMessage());

        /** Sends as soon as there is room. */
        @Actor
        public void producer() {
            for (int i = 0; i < 20 && !producers[1].offer(next); i++) {
                Thread.onSpinWait();
            }
        }

        /** Reads all of it. */
        @Actor
        public void consumer(I_Result result) {
            result.r1 = poll(0);
        }
    }

    /** Who looks at a message without taking it sees a whole one or none, although others take and send meanwhile. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "It was taken before it was copied, and there is no other yet.")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The message as it was sent.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The one that took its place, as it was sent.")
    @State
    public static class Peek extends Full {
        private final ByteBuffer next = Arena.message(2, LAYOUT.maxMessage());

        /** Takes the message, and sends another into its room. */
        @Actor
        public void others() {
            consumers[1].poll(message -> { }, 1);
            for (int i = 0; i < 20 && !producers[1].offer(next); i++) {
                Thread.onSpinWait();
            }
        }

        /** Looks. */
        @Actor
        public void looker(I_Result result) {
            consumers[0].peek(message -> result.r1 = Arena.value(message));
        }
    }
}

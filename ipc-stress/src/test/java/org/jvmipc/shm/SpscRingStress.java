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

/** The ring of one producer and one consumer. What is not named as acceptable is forbidden. */
public final class SpscRingStress {
    private static final int CAPACITY = 512;
    private static final int BYTES = SegmentLayout.HEADER_SIZE + CAPACITY;

    private SpscRingStress() {
    }

    /** Two messages, the second one in place of an older one, so that old lengths and bytes lie about. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Too early for both.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Between the two.")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "After both.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The first one came after the first look.")
    @State
    public static class Publish {
        private final SpscRing.Producer producer;
        private final SpscRing.Consumer consumer;
        private final ByteBuffer first = Arena.message(1, 200);
        private final ByteBuffer second = Arena.message(2, 40);

        /** Goes round the ring. */
        public Publish() {
            MappedMemory memory = new MappedMemory(Arena.next(BYTES));
            producer = new SpscRing.Producer(memory, CAPACITY);
            consumer = new SpscRing.Consumer(memory, CAPACITY);
            for (int i = 0; i < 20; i++) {
                producer.offer(Arena.message(-9, 48));
                consumer.poll(message -> { }, 1);
            }
        }

        /** Sends both. */
        @Actor
        public void producer() {
            producer.offer(first);
            producer.offer(second);
        }

        /** Looks twice. */
        @Actor
        public void consumer(II_Result result) {
            consumer.poll(message -> result.r1 = Arena.value(message), 1);
            consumer.poll(message -> result.r2 = Arena.value(message), 1);
        }
    }

    /** Three messages at once, over old lengths and bytes: all are there with the first one. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Too early.")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "After the batch.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "It came after the first look.")
    @State
    public static class Batch {
        private final SpscRing.Producer producer;
        private final SpscRing.Consumer consumer;
        private final ByteBuffer messages = ByteBuffer.allocate(3 * 24);

        /** Goes round the ring. */
        public Batch() {
            MappedMemory memory = new MappedMemory(Arena.next(BYTES));
            producer = new SpscRing.Producer(memory, CAPACITY);
            consumer = new SpscRing.Consumer(memory, CAPACITY);
            for (int i = 0; i < 20; i++) {
                producer.offer(Arena.message(-9, 48));
                consumer.poll(message -> { }, 1);
            }
            for (int i = 1; i <= 3; i++) {
                messages.put(Arena.message(i, 24));
            }
            messages.flip();
        }

        /** Sends them. */
        @Actor
        public void producer() {
            producer.offerAll(messages, 24);
        }

        /** Looks twice. */
        @Actor
        public void consumer(II_Result result) {
            consumer.poll(message -> result.r1 = Arena.value(message), 1);
            consumer.poll(message -> result.r2 = Arena.value(message), 1);
        }
    }

    /** The consumer sleeps only if the producer will see that it does, and wake it. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It saw the message before it slept.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "It would have slept, and was woken.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Woken, though it saw the message.")
    @State
    public static class Sleep {
        private final ByteBuffer memory = Arena.next(BYTES);
        private final MappedMemory mapped = new MappedMemory(memory);
        private final SpscRing.Producer producer = new SpscRing.Producer(mapped, CAPACITY);
        private final SpscRing.Consumer consumer = new SpscRing.Consumer(mapped, CAPACITY);
        private final ByteBuffer message = Arena.message(1, 8);
        private boolean seen;
        private final FutexReadiness readiness = new FutexReadiness(memory, SegmentLayout.CONSUMER_SEQUENCE,
                SegmentLayout.CONSUMER_ANNOUNCEMENT, () -> {
                    seen = consumer.hasRecord();
                    // What comes now is the kernel's.
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
            producer.offer(message);
            VarHandle.fullFence();
            FutexReadiness.signal(memory, SegmentLayout.CONSUMER_SEQUENCE, SegmentLayout.CONSUMER_ANNOUNCEMENT);
        }

        /** Tells whether there was a wake-up. */
        @Arbiter
        public void woken(II_Result result) {
            result.r2 = memory.getInt(SegmentLayout.CONSUMER_SEQUENCE);
        }
    }

    /** The producer writes over a message only when its handler has returned. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The message as it was sent.")
    @State
    public static class Reuse {
        private final SpscRing.Producer producer;
        private final SpscRing.Consumer consumer;
        private final ByteBuffer next = Arena.message(2, CAPACITY - 16);

        /** Fills the ring. */
        public Reuse() {
            MappedMemory memory = new MappedMemory(Arena.next(BYTES));
            producer = new SpscRing.Producer(memory, CAPACITY);
            consumer = new SpscRing.Consumer(memory, CAPACITY);
            producer.offer(Arena.message(1, CAPACITY - 16));
        }

        /** Sends as soon as there is room. */
        @Actor
        public void producer() {
            for (int i = 0; i < 20 && !producer.offer(next); i++) {
                Thread.onSpinWait();
            }
        }

        /** Reads all of it. */
        @Actor
        public void consumer(I_Result result) {
            consumer.poll(message -> result.r1 = Arena.value(message), 1);
        }
    }
}

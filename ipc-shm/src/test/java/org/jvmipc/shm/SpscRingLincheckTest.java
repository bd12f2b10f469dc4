package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** The ring behaves as a queue of two ends, however their accesses are interleaved. */
@Param(name = "value", gen = IntGen.class, conf = "1:9")
public class SpscRingLincheckTest {
    /** Room for all that a scenario sends. */
    private static final int CAPACITY = 128;
    private static final int BEFORE = 5;

    private final SpscRing.Producer producer;
    private final SpscRing.Consumer consumer;

    /** The queue that it should be. */
    public static class Specification {
        private final Queue<Integer> queue = new ArrayDeque<>();

        public boolean send(int value) {
            return queue.add(value);
        }

        public Integer receive() {
            return queue.poll();
        }

        public boolean hasRecord() {
            return !queue.isEmpty();
        }
    }

    public SpscRingLincheckTest() {
        RingMemory memory = new HeapMemory(SegmentLayout.HEADER_SIZE + CAPACITY);
        producer = new SpscRing.Producer(memory, CAPACITY);
        consumer = new SpscRing.Consumer(memory, CAPACITY);
        for (int i = 0; i < BEFORE; i++) {
            send(i);
            receive();
        }
    }

    @Operation(nonParallelGroup = "producer")
    public boolean send(@Param(name = "value") int value) {
        return producer.offer(ByteBuffer.allocate(4).putInt(0, value));
    }

    @Operation(nonParallelGroup = "consumer")
    public Integer receive() {
        int[] received = {0};
        return consumer.poll(message -> received[0] = message.getInt(message.position()), 1) == 0 ? null : received[0];
    }

    @Operation(nonParallelGroup = "consumer")
    public boolean hasRecord() {
        return consumer.hasRecord();
    }

    @Test
    void shouldBeAQueueInEachInterleaving() {
        new ModelCheckingOptions()
                .sequentialSpecification(Specification.class)
                .iterations(LincheckEffort.iterations(5))
                .threads(2)
                .actorsPerThread(4)
                .actorsBefore(0)
                .actorsAfter(2)
                .invocationsPerIteration(500)
                .check(SpscRingLincheckTest.class);
    }
}

package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/**
 * The ring behaves as a queue, however the accesses of its participants are interleaved. Lincheck assumes that memory
 * is sequentially consistent, and cannot look into mapped memory; for those there are other tests.
 */
@Param(name = "value", gen = IntGen.class, conf = "1:9")
@Param(name = "thread", gen = ThreadIdGen.class)
public class MpmcRingLincheckTest {
    private static final int THREADS = 8;
    /** Room for all that a scenario sends, so that a lap ends in the middle of it. */
    private static final MpmcLayout LAYOUT = new MpmcLayout(SegmentLayout.HEADER_SIZE, THREADS, THREADS, 1024);
    private static final int BEFORE = 12;

    private final MpmcProducer[] producers = new MpmcProducer[THREADS];
    private final MpmcConsumer[] consumers = new MpmcConsumer[THREADS];

    /** The queue that it should be. */
    public static class Specification {
        private final Queue<Integer> queue = new ArrayDeque<>();

        public boolean send(int value, int thread) {
            return queue.add(value);
        }

        public Integer receive(int thread) {
            return queue.poll();
        }

        public Integer peek(int thread) {
            return queue.peek();
        }
    }

    public MpmcRingLincheckTest() {
        RingMemory memory = new HeapMemory(LAYOUT.end());
        for (int i = 0; i < THREADS; i++) {
            MpmcRing ring = new MpmcRing(memory, LAYOUT, slot -> false, slot -> false);
            producers[i] = new MpmcProducer(ring, i);
            consumers[i] = new MpmcConsumer(ring, i);
        }
        for (int i = 0; i < BEFORE; i++) {
            send(i, 0);
            receive(0);
        }
    }

    @Operation
    public boolean send(@Param(name = "value") int value, @Param(name = "thread") int thread) {
        // Odd values take two cells, so that a record of one lap begins in the middle of one of another.
        ByteBuffer message = ByteBuffer.allocate((value & 1) == 0 ? 8 : 72).putInt(0, value);
        return producers[thread].offer(message);
    }

    @Operation
    public Integer receive(@Param(name = "thread") int thread) {
        MpmcConsumer consumer = consumers[thread];
        int[] received = {0};
        while (consumer.poll(message -> received[0] = message.getInt(message.position()), 1) == 0) {
            if (!consumer.isHeldUp()) {
                return null;
            }
        }
        return received[0];
    }

    @Operation
    public Integer peek(@Param(name = "thread") int thread) {
        MpmcConsumer consumer = consumers[thread];
        int[] shown = {0};
        while (!consumer.peek(message -> shown[0] = message.getInt(message.position()))) {
            if (!consumer.isHeldUp()) {
                return null;
            }
        }
        return shown[0];
    }

    @Test
    void shouldBeAQueueInEachInterleaving() {
        new ModelCheckingOptions()
                .sequentialSpecification(Specification.class)
                .iterations(LincheckEffort.iterations(5))
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                .invocationsPerIteration(500)
                .check(MpmcRingLincheckTest.class);
    }

    @Test
    void shouldBeAQueueUnderStress() {
        new StressOptions()
                .sequentialSpecification(Specification.class)
                .iterations(LincheckEffort.iterations(5))
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(2)
                .invocationsPerIteration(1000)
                .check(MpmcRingLincheckTest.class);
    }
}

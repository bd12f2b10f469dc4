package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Each reader of the lossless ring sees all messages in order, and the producer finds room exactly when the slowest of
 * them leaves some, however their accesses are interleaved.
 */
@Param(name = "value", gen = IntGen.class, conf = "1:9")
public class BroadcastRingLincheckTest {
    private static final int CAPACITY = 64;
    private static final int READERS = 2;
    private static final long PRESENCE = 1L << SegmentLayout.OCCUPANCY_SHIFT | SegmentLayout.ATTACHED;
    /** The ring is gone round before the scenario begins. */
    private static final int BEFORE = 6;
    /** How many messages fit that nobody has taken. */
    private static final int ROOM = room();

    private final BroadcastOut producer;
    private final BroadcastIn[] readers = new BroadcastIn[READERS];

    /** What it should be. */
    public static class Specification {
        private final List<Integer> sent = new ArrayList<>();
        private final int[] taken = new int[READERS];

        public boolean send(int value) {
            return sent.size() - Math.min(taken[0], taken[1]) < ROOM && sent.add(value);
        }

        public Integer first() {
            return receive(0);
        }

        public Integer second() {
            return receive(1);
        }

        private Integer receive(int reader) {
            return taken[reader] < sent.size() ? sent.get(taken[reader]++) : null;
        }
    }

    public BroadcastRingLincheckTest() {
        RingMemory memory = new HeapMemory(SegmentLayout.HEADER_SIZE + CAPACITY);
        Readers lines = new Readers(new HeapMemory(READERS * SegmentLayout.LINE), 0, READERS);
        for (int place = 0; place < READERS; place++) {
            lines.prepare(place, SegmentLayout.occupancy(PRESENCE));
            lines.letIn(place, PRESENCE, 0);
            readers[place] = new BroadcastIn(memory, CAPACITY, lines, place, PRESENCE);
        }
        producer = new BroadcastOut(memory, CAPACITY, lines, 0, 1);
        for (int i = 0; i < BEFORE; i++) {
            send(i);
            receive(0);
            receive(1);
        }
    }

    private static int room() {
        BroadcastRingLincheckTest ring = new BroadcastRingLincheckTest();
        int room = 0;
        while (ring.send(0)) {
            room++;
        }
        return room;
    }

    @Operation(nonParallelGroup = "producer")
    public boolean send(@Param(name = "value") int value) {
        return producer.offer(ByteBuffer.allocate(4).putInt(0, value));
    }

    @Operation(nonParallelGroup = "first")
    public Integer first() {
        return receive(0);
    }

    @Operation(nonParallelGroup = "second")
    public Integer second() {
        return receive(1);
    }

    private Integer receive(int reader) {
        int[] received = {0};
        return readers[reader].poll(message -> received[0] = message.getInt(message.position()), 1) == 0
                ? null : received[0];
    }

    @Test
    void shouldShowEachReaderAllInEachInterleaving() {
        new ModelCheckingOptions()
                .sequentialSpecification(Specification.class)
                .iterations(LincheckEffort.iterations(2))
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .invocationsPerIteration(500)
                .check(BroadcastRingLincheckTest.class);
    }
}

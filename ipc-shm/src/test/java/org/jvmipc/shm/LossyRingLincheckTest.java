package org.jvmipc.shm;

import java.nio.ByteBuffer;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * A reader of the lossy ring sees messages as they were sent, in order, and is told how many it has missed, however
 * its accesses are interleaved with those of a producer that writes over what it reads. Which ones it misses is open.
 */
public class LossyRingLincheckTest {
    private static final int CAPACITY = 128;
    /** So many that a few more are written over the first ones, which the reader has not taken. */
    private static final int BEFORE = 7;

    private final LossyOut producer;
    private final LossyCursor reader;
    private int sent;
    private int taken;

    /** What the calls tell, whatever is missed. */
    public static class Specification {
        public boolean send() {
            return true;
        }

        public String receive() {
            return "sound";
        }
    }

    public LossyRingLincheckTest() {
        RingMemory memory = new HeapMemory(SegmentLayout.HEADER_SIZE + CAPACITY);
        producer = new LossyOut(memory, CAPACITY, new Readers(new HeapMemory(SegmentLayout.LINE), 0, 1));
        reader = new LossyCursor(memory, CAPACITY);
        if (!reader.begin(0, 0)) {
            throw new IllegalStateException("a reader cannot begin in an empty ring");
        }
        for (int i = 0; i < BEFORE; i++) {
            send();
        }
    }

    @Operation(nonParallelGroup = "producer")
    public boolean send() {
        sent++;
        return producer.offer(ByteBuffer.allocate(4).putInt(0, sent));
    }

    @Operation(nonParallelGroup = "reader")
    public String receive() {
        long before = reader.dropped();
        int length;
        do {
            length = reader.copyNext();
        } while (length == LossyCursor.AGAIN);
        long missed = reader.dropped() - before;
        if (length == LossyCursor.NOTHING) {
            taken += (int) missed;
            return "sound";
        }
        taken += (int) missed + 1;
        int number = length == 4 ? reader.copied(length).getInt(0) : -1;
        return number == taken ? "sound" : "message " + number + " of " + length + " bytes as number " + taken;
    }

    @Test
    void shouldShowNothingBrokenInAnyInterleaving() {
        new ModelCheckingOptions()
                .sequentialSpecification(Specification.class)
                .iterations(LincheckEffort.iterations(2))
                .threads(2)
                .actorsPerThread(5)
                .actorsBefore(0)
                .actorsAfter(3)
                .invocationsPerIteration(500)
                .check(LossyRingLincheckTest.class);
    }
}

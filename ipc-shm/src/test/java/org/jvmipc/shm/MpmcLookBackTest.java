package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A consumer finds what another one had in hand when it died, behind the place where it is itself. */
class MpmcLookBackTest {
    private static final int CAPACITY = 4096;
    private static final MpmcLayout LAYOUT = new MpmcLayout(SegmentLayout.HEADER_SIZE, 2, 4, CAPACITY);

    private final BitSet dead = new BitSet();
    private final MpmcRing ring = new MpmcRing(new HeapMemory(LAYOUT.end()), LAYOUT, place -> false, dead::get);
    private final MpmcProducer producer = new MpmcProducer(ring, 0);
    private final MpmcConsumer first = new MpmcConsumer(ring, 1);
    private final MpmcConsumer second = new MpmcConsumer(ring, 2);

    private static ByteBuffer message(int length) {
        return ByteBuffer.allocate(length);
    }

    /** Takes all there is, as lengths. */
    private static List<Integer> drain(MpmcConsumer consumer) {
        List<Integer> lengths = new ArrayList<>();
        consumer.poll(message -> lengths.add(message.remaining()), Integer.MAX_VALUE);
        return lengths;
    }

    /** It ends where it had been before, with nothing left: those who wait for room have to be told all the same. */
    @Test
    void shouldTellOfTheRoomThatIsMade() {
        producer.offer(message(1900));
        first.poll(inHand -> {
            producer.offer(message(1901));
            assertFalse(producer.offer(message(1902)));
            assertEquals(List.of(1901), drain(second));
            assertTrue(second.hasFreed());
            assertFalse(producer.hasAwaitedRoom(), "the first message is in the way");
            assertEquals(List.of(), drain(second));
            assertFalse(second.hasFreed());
            dead.set(1);
            second.lookBack();
            assertEquals(List.of(1900), drain(second));
            assertTrue(second.hasFreed());
            assertTrue(producer.hasAwaitedRoom());
            first.stop();
        }, 1);
    }

    @Test
    void shouldNotTakeFromALiveOne() {
        producer.offer(message(10));
        producer.offer(message(11));
        first.poll(inHand -> {
            second.lookBack();
            assertEquals(List.of(11), drain(second));
            second.lookBack();
            assertEquals(List.of(), drain(second));
            first.stop();
        }, 1);
        assertEquals(0, ring.depthMessages());
    }
}

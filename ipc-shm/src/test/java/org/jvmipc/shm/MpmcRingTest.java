package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.MessageHandler;
import org.jvmipc.SegmentCorruptedException;

class MpmcRingTest {
    private static final int CAPACITY = 4096;
    private static final int SLOTS = 8;
    private static final MpmcLayout LAYOUT = new MpmcLayout(SegmentLayout.HEADER_SIZE, SLOTS, SLOTS, CAPACITY);
    private static final int LARGEST = LAYOUT.maxMessage();
    private static final MessageHandler NONE_EXPECTED = message -> {
        throw new AssertionError("no message was expected, but one of " + message.remaining());
    };

    private final BitSet dead = new BitSet();

    static Stream<IntFunction<RingMemory>> memories() {
        return Stream.of(HeapMemory::new, MpmcRingTest::direct);
    }

    private static MappedMemory direct(int bytes) {
        return new MappedMemory(ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
    }

    private MpmcRing ring(RingMemory memory) {
        return new MpmcRing(memory, LAYOUT, dead::get, dead::get);
    }

    private MpmcRing ring() {
        return ring(direct(LAYOUT.end()));
    }

    /** A ring whose last record was padding of one cell, taken, at a position. */
    private MpmcRing ringAt(long position, IntFunction<RingMemory> memories) {
        RingMemory memory = memories.apply(LAYOUT.end());
        memory.setRelease(SegmentLayout.TAIL, MpmcLayout.tail(position, 0, 0));
        memory.setRelease(SegmentLayout.HEAD, position);
        return ring(memory);
    }

    private static ByteBuffer message(int seed, int length) {
        ByteBuffer message = ByteBuffer.allocate(length + 3).position(3);
        for (int i = 0; i < length; i++) {
            message.put(3 + i, (byte) (seed * 31 + i));
        }
        return message;
    }

    /** Takes all there is as lengths, and checks the bytes against seeds that count from {@code seed}. */
    private static List<Integer> drain(MpmcConsumer consumer, int seed) {
        List<Integer> lengths = new ArrayList<>();
        consumer.poll(received -> {
            int number = seed + lengths.size();
            assertEquals(message(number, received.remaining()), received, "message " + number);
            lengths.add(received.remaining());
        }, Integer.MAX_VALUE);
        return lengths;
    }

    @ParameterizedTest
    @MethodSource("memories")
    void shouldCarryMessagesOfAllLengthsAroundTheEnd(IntFunction<RingMemory> memories) {
        MpmcRing ring = ring(memories.apply(LAYOUT.end()));
        MpmcProducer producer = new MpmcProducer(ring, 0);
        MpmcConsumer consumer = new MpmcConsumer(ring, 1);
        for (int length = 0; length <= LARGEST; length += length < 300 ? 1 : 97) {
            while (!producer.offer(message(length, length))) {
                assertEquals(0, consumer.poll(NONE_EXPECTED, 1), "padding is no message");
            }
            assertTrue(consumer.hasRecord());
            assertEquals(List.of(length), drain(consumer, length));
            assertFalse(consumer.hasRecord());
            ring.check();
        }
    }

    @ParameterizedTest
    @MethodSource("memories")
    void shouldCarryTheLargestMessageFromAnyPlace(IntFunction<RingMemory> memories) {
        assertEquals(CAPACITY - 16, LARGEST);
        assertThrows(IllegalArgumentException.class,
                () -> new MpmcProducer(ring(), 0).offer(message(0, LARGEST + 1)));
        for (int before = 0; before < LAYOUT.cells(); before++) {
            MpmcRing ring = ringAt((long) before * MpmcLayout.STEP, memories);
            MpmcProducer producer = new MpmcProducer(ring, 2);
            MpmcConsumer consumer = new MpmcConsumer(ring, 3);
            if (!producer.offer(message(1, LARGEST))) {
                assertTrue(producer.hasAwaitedRoom(), "padding is done by itself");
                assertTrue(producer.offer(message(1, LARGEST)), "from " + before);
            }
            assertFalse(producer.offer(message(2, 0)));
            assertFalse(producer.hasAwaitedRoom());
            assertEquals(List.of(LARGEST), drain(consumer, 1));
            assertTrue(producer.hasAwaitedRoom());
        }
    }

    @Test
    void shouldLeaveThePositionOfAMessageAloneThatFindsNoRoom() {
        MpmcProducer producer = new MpmcProducer(ring(), 0);
        ByteBuffer message = message(0, 2000);
        assertTrue(producer.offer(message));
        assertEquals(message.limit(), message.position());
        ByteBuffer second = message(1, 2100);
        assertFalse(producer.offer(second));
        assertEquals(3, second.position());
    }

    /** Cell numbers around 2^31 and 2^32, where tags begin anew, and the end of positions. */
    @ParameterizedTest
    @ValueSource(longs = {0, (1L << 31) - 3, (1L << 32) - 1, (1L << 49) - 2, (1L << 56) - 2, (1L << 57) - 2})
    void shouldGoOnAtAnyPosition(long cell) {
        MpmcRing ring = ringAt(cell * MpmcLayout.STEP, MpmcRingTest::direct);
        MpmcProducer[] producers = {new MpmcProducer(ring, 0), new MpmcProducer(ring, 1)};
        MpmcConsumer[] consumers = {new MpmcConsumer(ring, 2), new MpmcConsumer(ring, 3)};
        int sent = 0;
        int received = 0;
        while (received < 5000) {
            long ticket = 0;
            while (producers[sent & 1].offer(message(sent, sent * 7 % 201))) {
                ticket = producers[sent & 1].position();
                assertFalse(ring.isTaken(ticket));
                sent++;
            }
            assertEquals(sent - received, ring.depthMessages());
            assertTrue(ring.depthBytes() > CAPACITY - 400 && ring.depthBytes() <= CAPACITY);
            ring.check();
            received += drain(consumers[received % 2], received).size();
            assertTrue(ring.isTaken(ticket));
            assertEquals(0, ring.depthMessages());
        }
        assertEquals(sent, received);
        assertEquals(0, ring.skipped());
    }

    @Test
    void shouldHandEachMessageToOneConsumer() {
        MpmcRing ring = ring();
        MpmcProducer producer = new MpmcProducer(ring, 0);
        MpmcConsumer one = new MpmcConsumer(ring, 1);
        MpmcConsumer other = new MpmcConsumer(ring, 2);
        assertTrue(producer.offer(message(0, 10)));
        long ticket = producer.position();
        for (int i = 1; i < 6; i++) {
            producer.offer(message(i, 10 + i));
        }
        List<Integer> others = new ArrayList<>();
        one.poll(first -> {
            assertEquals(10, first.remaining());
            // While one has a message in hand the other takes the ones after it.
            other.poll(later -> others.add(later.remaining()), 2);
            assertFalse(ring.isTaken(ticket));
            assertEquals(4, ring.depthMessages());
        }, 1);
        assertEquals(List.of(11, 12), others);
        assertEquals(List.of(13, 14, 15), drain(one, 3));
        assertEquals(List.of(), drain(other, 0));
    }

    @Test
    void shouldCountAMessageAsTakenThatItsHandlerRefused() {
        MpmcRing ring = ring();
        MpmcProducer producer = new MpmcProducer(ring, 0);
        MpmcConsumer consumer = new MpmcConsumer(ring, 1);
        producer.offer(message(0, 5));
        producer.offer(message(1, 6));
        assertThrows(ArithmeticException.class, () -> consumer.poll(received -> {
            throw new ArithmeticException();
        }, 10));
        assertTrue(consumer.isHandling());
        assertEquals(List.of(6), drain(consumer, 1));
        assertFalse(consumer.isHandling());
    }

    @Test
    void shouldStopAfterTheMessageInHand() {
        MpmcRing ring = ring();
        MpmcProducer producer = new MpmcProducer(ring, 0);
        MpmcConsumer consumer = new MpmcConsumer(ring, 1);
        for (int i = 0; i < 5; i++) {
            producer.offer(message(i, i));
        }
        assertEquals(2, consumer.poll(received -> {
            if (received.remaining() == 1) {
                consumer.stop();
            }
        }, 10));
    }

    @Test
    void shouldCommitOrAbortWhatWasClaimed() {
        MpmcRing ring = ring();
        MpmcProducer producer = new MpmcProducer(ring, 0);
        MpmcProducer other = new MpmcProducer(ring, 1);
        MpmcConsumer consumer = new MpmcConsumer(ring, 2);
        ByteBuffer room = producer.tryClaim(11);
        assertEquals(0, room.position());
        assertEquals(11, room.capacity());
        room.put(message(7, 11));
        assertTrue(other.offer(message(8, 12)));
        assertFalse(consumer.hasRecord(), "not before the commit, also not what was claimed later");
        assertEquals(0, consumer.poll(NONE_EXPECTED, 10));
        assertTrue(consumer.isHeldUp());
        assertEquals(0, LAYOUT.slot(ring.holdsUpConsumers()));
        producer.commitClaim();
        assertEquals(0, ring.holdsUpConsumers());
        assertNotNull(producer.tryClaim(100));
        producer.abortClaim();
        assertTrue(other.offer(message(9, 13)));
        assertEquals(List.of(11, 12, 13), drain(consumer, 7));
        assertTrue(other.offer(message(9, 14)));
        assertNull(producer.tryClaim(LARGEST));
    }

    @Test
    void shouldMakePaddingOfAMessageThatCouldNotBeCopied() {
        RingMemory memory = direct(LAYOUT.end());
        MpmcRing ring = ring(memory);
        FaultyMemory faulty = new FaultyMemory(memory);
        MpmcProducer producer = new MpmcProducer(ring(faulty), 0);
        faulty.onWrite(() -> {
            throw new InternalError("a page is gone");
        });
        assertThrows(InternalError.class, () -> producer.offer(message(0, 100)));
        MpmcConsumer consumer = new MpmcConsumer(ring, 1);
        assertTrue(producer.offer(message(1, 101)));
        assertEquals(List.of(101), drain(consumer, 1));
    }

    @Test
    void shouldNameWhoHoldsUpTheRing() {
        MpmcRing ring = ring();
        MpmcProducer stopped = new MpmcProducer(ring, 4);
        MpmcProducer producer = new MpmcProducer(ring, 5);
        MpmcConsumer consumer = new MpmcConsumer(ring, 6);
        assertEquals(0, ring.holdsUpProducers());
        assertNotNull(stopped.tryClaim(1));
        while (producer.offer(message(0, 1))) {
            assertEquals(0, consumer.poll(NONE_EXPECTED, 1));
        }
        assertHeldUpBy(MpmcLayout.CLAIMED, 4, ring.holdsUpProducers());
        assertHeldUpBy(MpmcLayout.CLAIMED, 4, ring.holdsUpConsumers());
        stopped.commitClaim();
        consumer.poll(inHand -> {
            assertHeldUpBy(MpmcLayout.TAKEN, 6, ring.holdsUpProducers());
            assertEquals(0, ring.holdsUpConsumers());
        }, 1);
        assertEquals(4, consumer.lastSource());
        assertEquals(0, ring.holdsUpProducers());
    }

    private static void assertHeldUpBy(int state, int slot, long word) {
        assertEquals(state, LAYOUT.state(word));
        assertEquals(slot, LAYOUT.slot(word));
    }

    @Test
    void shouldSkipWhatADeadProducerClaimed() {
        MpmcRing ring = ring();
        MpmcProducer first = new MpmcProducer(ring, 0);
        MpmcProducer second = new MpmcProducer(ring, 1);
        MpmcConsumer consumer = new MpmcConsumer(ring, 2);
        assertNotNull(first.tryClaim(1000));
        assertTrue(second.offer(message(1, 1)));
        assertFalse(consumer.hasRecord());
        dead.set(0);
        assertTrue(consumer.hasRecord());
        assertEquals(List.of(1), drain(consumer, 1));
        assertEquals(1, ring.skipped());
    }

    @Test
    void shouldFinishWhatTheLastOccupantOfASlotClaimed() {
        MpmcRing ring = ring();
        assertNotNull(new MpmcProducer(ring, 0).tryClaim(1000));
        // Nobody has written the header: the successor has to, before it writes a descriptor of its own.
        MpmcProducer successor = new MpmcProducer(ring, 0);
        assertEquals(1, ring.skipped());
        assertTrue(successor.offer(message(0, 1)));
        assertNotNull(successor.tryClaim(2000));
        assertTrue(new MpmcProducer(ring, 1).offer(message(1, 2)));
        new MpmcProducer(ring, 0);
        assertEquals(2, ring.skipped());
        assertEquals(List.of(1, 2), drain(new MpmcConsumer(ring, 3), 0));
    }

    @Test
    void shouldHandTheMessageOfADeadConsumerToAnother() {
        MpmcRing ring = ring();
        MpmcProducer producer = new MpmcProducer(ring, 0);
        MpmcConsumer first = new MpmcConsumer(ring, 1);
        MpmcConsumer second = new MpmcConsumer(ring, 2);
        for (int i = 0; i < 3; i++) {
            producer.offer(message(i, 20 + i));
        }
        List<Integer> again = new ArrayList<>();
        first.poll(inHand -> {
            assertEquals(List.of(21, 22), drain(second, 1));
            assertFalse(second.hasRecord());
            // As if it died here.
            dead.set(1);
            assertTrue(second.hasRecord());
            second.poll(message -> again.add(message.remaining()), 10);
            assertFalse(second.hasRecord());
            first.stop();
        }, 10);
        assertEquals(List.of(20), again);
    }

    @Test
    void shouldFindTheMessageOfADeadConsumerByPollingAlone() {
        MpmcRing ring = ring();
        MpmcProducer producer = new MpmcProducer(ring, 0);
        MpmcConsumer first = new MpmcConsumer(ring, 1);
        MpmcConsumer second = new MpmcConsumer(ring, 2);
        producer.offer(message(0, 7));
        first.poll(inHand -> {
            second.poll(NONE_EXPECTED, 1);
            dead.set(1);
            int polls = 0;
            while (second.poll(message -> assertEquals(7, message.remaining()), 1) == 0) {
                assertTrue(++polls < 1000);
            }
        }, 1);
    }

    @Test
    void shouldGiveAMessageInHandBackWhenItsSlotIsTakenOver() {
        MpmcRing ring = ring();
        MpmcProducer producer = new MpmcProducer(ring, 0);
        MpmcConsumer first = new MpmcConsumer(ring, 1);
        MpmcConsumer second = new MpmcConsumer(ring, 2);
        producer.offer(message(0, 20));
        first.poll(inHand -> {
            // Another one comes into the dead consumer's slot, and does nothing.
            new MpmcConsumer(ring, 1);
            assertEquals(0, ring.holdsUpProducers());
            second.lookBack();
            assertEquals(List.of(20), drain(second, 0));
            first.stop();
        }, 1);
    }

    @Test
    void shouldHandAMessageOverAsOftenAsConsumersDieOfIt() {
        MpmcRing ring = ring();
        new MpmcProducer(ring, 0).offer(message(0, 9));
        new MpmcProducer(ring, 0).offer(message(1, 10));
        assertEquals(7, handOverAndDie(ring, 1));
    }

    private int handOverAndDie(MpmcRing ring, int slot) {
        int[] deaths = {0};
        new MpmcConsumer(ring, slot).poll(message -> {
            assertEquals(9, message.remaining());
            dead.set(slot);
            deaths[0] = slot == 7 ? 7 : handOverAndDie(ring, slot + 1);
        }, 1);
        return deaths[0];
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 127, 64, -1})
    void shouldRefuseAHeadThatIsNoPosition(long head) {
        MpmcRing ring = ring();
        MpmcConsumer consumer = new MpmcConsumer(ring, 1);
        ring.memory.setRelease(SegmentLayout.HEAD, head);
        SegmentCorruptedException found = assertThrows(SegmentCorruptedException.class,
                () -> consumer.poll(NONE_EXPECTED, 1));
        assertTrue(found.getMessage().contains(Long.toString(head)), found.getMessage());
        assertFalse(consumer.isHandling());
    }

    @ParameterizedTest
    @ValueSource(longs = {-128, 128 * 128, 1L << 40, Long.MIN_VALUE})
    void shouldRefuseAHeadOutsideTheRing(long head) {
        MpmcRing ring = ring();
        MpmcProducer producer = new MpmcProducer(ring, 0);
        ring.memory.setRelease(SegmentLayout.HEAD, head);
        assertThrows(SegmentCorruptedException.class, () -> {
            for (int i = 0; i < 100; i++) {
                producer.offer(message(0, 100));
            }
        });
        assertThrows(SegmentCorruptedException.class, ring::check);
    }

    @Test
    void shouldRefuseATailOfASlotThatIsNotThere() {
        MpmcRing ring = ring();
        MpmcProducer producer = new MpmcProducer(ring, 0);
        ring.memory.setRelease(SegmentLayout.TAIL, MpmcLayout.tail(0, SLOTS, 0));
        assertThrows(SegmentCorruptedException.class, () -> producer.offer(message(0, 1)));
        ring.memory.setRelease(SegmentLayout.TAIL, -1);
        assertThrows(SegmentCorruptedException.class, () -> producer.offer(message(0, 1)));
    }

    @ParameterizedTest
    @ValueSource(longs = {4096, Long.MAX_VALUE, -CAPACITY + 14, Long.MIN_VALUE})
    void shouldRefuseADescriptorOfMoreThanTheRing(long descriptor) {
        MpmcRing ring = ring();
        MpmcProducer producer = new MpmcProducer(ring, 1);
        ring.memory.setRelease(LAYOUT.descriptorAt(0, 0), descriptor);
        assertThrows(SegmentCorruptedException.class, () -> producer.offer(message(0, 1)));
    }

    @Test
    void shouldRefuseAHeaderThatNobodyWrites() {
        long position = 60L * MpmcLayout.STEP;
        int[][] bad = {{MpmcLayout.COMMITTED, 0, 4 * 64 + 1}, {MpmcLayout.CLAIMED, SLOTS, 1},
            {MpmcLayout.COMMITTED, MpmcLayout.NOBODY, 1}, {MpmcLayout.TAKEN, 62, 1}};
        for (int[] fields : bad) {
            MpmcRing ring = ringAt(position, MpmcRingTest::direct);
            MpmcConsumer consumer = new MpmcConsumer(ring, 1);
            ring.memory.setRelease(LAYOUT.headerAt(position),
                    LAYOUT.word(position, fields[0], fields[1], fields[2]));
            assertThrows(SegmentCorruptedException.class, () -> consumer.poll(NONE_EXPECTED, 1));
        }
    }

    @Test
    void shouldNoticeAHeaderThatVanished() {
        MpmcRing ring = ring();
        MpmcProducer producer = new MpmcProducer(ring, 0);
        producer.offer(message(0, 8));
        producer.offer(message(0, 8));
        ring.check();
        ring.memory.setRelease(LAYOUT.headerAt(MpmcLayout.STEP), 0);
        SegmentCorruptedException found = assertThrows(SegmentCorruptedException.class, ring::check);
        assertTrue(found.getMessage().contains("no record at 128"), found.getMessage());
    }

    /** Whatever is overwritten: delivered or refused, but no access outside, no endless loop. */
    @Test
    void shouldSurviveAnythingWrittenOverIt() {
        Random random = new Random(20260102);
        int refused = 0;
        for (int run = 0; run < 10_000; run++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(LAYOUT.end()).order(ByteOrder.nativeOrder());
            MpmcRing ring = ring(new MappedMemory(buffer));
            MpmcProducer[] producers = {new MpmcProducer(ring, 0), new MpmcProducer(ring, 1)};
            MpmcConsumer[] consumers = {new MpmcConsumer(ring, 2), new MpmcConsumer(ring, 3)};
            dead.clear();
            try {
                for (int i = 0; i < 40; i++) {
                    if (random.nextInt(6) == 0) {
                        buffer.put(hostilePlace(random), (byte) random.nextInt());
                    }
                    switch (random.nextInt(8)) {
                        case 0 -> ring.check();
                        case 1 -> ring.depthMessages();
                        case 2 -> new MpmcConsumer(ring, 4 + random.nextInt(4));
                        case 3 -> dead.set(4 + random.nextInt(4));
                        case 4, 5 -> producers[i & 1].offer(message(i, random.nextInt(400)));
                        default -> consumers[i & 1].poll(message -> assertTrue(message.remaining() < CAPACITY), 5);
                    }
                    consumers[0].hasRecord();
                    producers[0].hasAwaitedRoom();
                }
            } catch (SegmentCorruptedException expected) {
                refused++;
            }
        }
        assertTrue(refused > 1000 && refused < 9900, "refused " + refused);
    }

    private static int hostilePlace(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> SegmentLayout.TAIL + random.nextInt(8);
            case 1 -> SegmentLayout.HEAD + random.nextInt(8);
            case 2 -> LAYOUT.descriptorAt(random.nextInt(2), 0) + random.nextInt(16);
            default -> LAYOUT.headerAt(0) + random.nextInt(512);
        };
    }
}

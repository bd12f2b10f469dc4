package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.SegmentCorruptedException;

class SpscRingTest {
    private static final int CAPACITY = 4096;
    private static final int BYTES = SegmentLayout.HEADER_SIZE + CAPACITY;

    static Stream<IntFunction<RingMemory>> memories() {
        return Stream.of(HeapMemory::new, SpscRingTest::direct);
    }

    private static MappedMemory direct(int bytes) {
        return new MappedMemory(ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
    }

    private static ByteBuffer message(int seed, int length) {
        ByteBuffer message = ByteBuffer.allocate(length + 3).position(3);
        for (int i = 0; i < length; i++) {
            message.put(3 + i, (byte) (seed * 31 + i));
        }
        return message;
    }

    /** Takes all there is as lengths, and checks the bytes against seeds that count from {@code seed}. */
    private static List<Integer> drain(SpscRing.Consumer consumer, int seed) {
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
        RingMemory memory = memories.apply(BYTES);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
        for (int length = 0; length <= SpscRing.maxMessage(CAPACITY); length += length < 300 ? 1 : 97) {
            while (!producer.offer(message(length, length))) {
                assertEquals(0, consumer.poll(padding -> {
                    throw new AssertionError("padding is no message");
                }, 1));
            }
            assertEquals(List.of(length), drain(consumer, length));
            assertFalse(consumer.hasRecord());
        }
    }

    @ParameterizedTest
    @MethodSource("memories")
    void shouldPublishABatchAtOnceAndNoMoreThanThereIsRoomFor(IntFunction<RingMemory> memories) {
        RingMemory memory = memories.apply(BYTES);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
        int sent = 0;
        int received = 0;
        for (int round = 0; round < 2000; round++) {
            ByteBuffer[] batch = new ByteBuffer[1 + round % 40];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = message(sent + i, (sent + i) % 200);
            }
            int count = producer.offer(batch, 0, batch.length);
            for (int i = 0; i < batch.length; i++) {
                assertEquals(i < count ? 0 : (sent + i) % 200, batch[i].remaining());
            }
            sent += count;
            if (count < batch.length || round % 7 == 0) {
                for (int length : drain(consumer, received)) {
                    assertEquals(received++ % 200, length);
                }
                assertEquals(sent, received);
            }
        }
        assertTrue(sent > 10_000, "sent " + sent);
    }

    @ParameterizedTest
    @MethodSource("memories")
    void shouldPublishMessagesOfOneSizeAtOnceAndNoMoreThanThereIsRoomFor(IntFunction<RingMemory> memories) {
        RingMemory memory = memories.apply(BYTES);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
        int sent = 0;
        int received = 0;
        for (int round = 0; round < 2000; round++) {
            int size = 1 + round % 70;
            int wanted = 1 + round % 40;
            ByteBuffer batch = ByteBuffer.allocate(wanted * size + 3).position(3);
            for (int i = 0; i < wanted; i++) {
                batch.put(message(sent + i, size));
            }
            int count = producer.offerAll(batch.flip().position(3), size);
            assertEquals(3 + count * size, batch.position());
            sent += count;
            for (int length : drain(consumer, received)) {
                assertEquals(size, length);
                received++;
            }
            assertEquals(sent, received);
        }
        assertTrue(sent > 10_000, "sent " + sent);
    }

    @ParameterizedTest
    @MethodSource("memories")
    void shouldCutABatchByWhereTheConsumerIsAndNotByWhereItWas(IntFunction<RingMemory> memories) {
        RingMemory memory = memories.apply(BYTES);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
        int lap = CAPACITY / 64;
        send(producer, 0, lap / 2);
        assertEquals(lap / 2, drain(consumer, 0).size());
        // In the course of this the producer looks where the consumer is, which is half a lap behind the end.
        send(producer, 0, lap * 3 / 4);
        assertEquals(lap * 3 / 4, drain(consumer, 0).size());
        ByteBuffer block = ByteBuffer.allocate(56 * lap / 2);
        assertEquals(lap / 2, producer.offerAll(block, 56));
        assertEquals(lap / 2, consumer.poll(message -> { }, lap));
        ByteBuffer[] batch = new ByteBuffer[lap / 4];
        Arrays.setAll(batch, i -> ByteBuffer.allocate(56));
        assertEquals(lap / 4, producer.offer(batch, 0, batch.length));
    }

    private static void send(SpscRing.Producer producer, int from, int count) {
        for (int i = from; i < from + count; i++) {
            assertTrue(producer.offer(message(i, 56)), "message " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("memories")
    void shouldCarryTheLargestMessageFromAnyPlace(IntFunction<RingMemory> memories) {
        int largest = SpscRing.maxMessage(CAPACITY);
        assertEquals(CAPACITY - 16, largest);
        for (int before = 0; before < CAPACITY; before += 8) {
            RingMemory memory = memories.apply(BYTES);
            memory.setRelease(SegmentLayout.TAIL, before);
            memory.setRelease(SegmentLayout.HEAD, before);
            SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
            SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
            if (!producer.offer(message(1, largest))) {
                assertEquals(List.of(), drain(consumer, 0));
                assertTrue(producer.hasAwaitedRoom());
                assertTrue(producer.offer(message(1, largest)), "from " + before);
            }
            assertFalse(producer.offer(message(2, 0)));
            assertFalse(producer.hasAwaitedRoom());
            assertEquals(List.of(largest), drain(consumer, 1));
        }
    }

    @Test
    void shouldLeaveThePositionOfAMessageAloneThatFindsNoRoom() {
        SpscRing.Producer producer = new SpscRing.Producer(direct(BYTES), CAPACITY);
        ByteBuffer message = message(0, 2000);
        assertTrue(producer.offer(message));
        assertEquals(message.limit(), message.position());
        assertTrue(producer.offer(message(1, 2000)));
        ByteBuffer third = message(2, 2000);
        assertFalse(producer.offer(third));
        assertEquals(3, third.position());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, (1L << 31) - 4096, (1L << 32) - 64, Long.MAX_VALUE - 4095, -64, Long.MIN_VALUE})
    void shouldGoOnAtAnyPosition(long start) {
        RingMemory memory = direct(BYTES);
        memory.setRelease(SegmentLayout.TAIL, start);
        memory.setRelease(SegmentLayout.HEAD, start);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
        int sent = 0;
        int received = 0;
        while (received < 5000) {
            while (producer.offer(message(sent, sent % 61))) {
                sent++;
            }
            long ticket = producer.position();
            assertFalse(producer.isTaken(ticket));
            assertEquals(sent - received, SpscRing.depthMessages(memory, CAPACITY));
            received += drain(consumer, received).size();
            assertTrue(producer.isTaken(ticket));
            assertEquals(0, SpscRing.depthMessages(memory, CAPACITY));
        }
        assertEquals(sent, received);
        assertTrue(producer.position() - start > 20L * CAPACITY);
    }

    @Test
    void shouldCountAMessageAsTakenThatItsHandlerRefused() {
        RingMemory memory = direct(BYTES);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
        producer.offer(message(0, 5));
        producer.offer(message(1, 6));
        assertThrows(ArithmeticException.class, () -> consumer.poll(received -> {
            throw new ArithmeticException();
        }, 10));
        assertTrue(consumer.isHandling());
        assertEquals(List.of(6), drain(consumer, 1));
    }

    @Test
    void shouldStopAfterTheMessageInHand() {
        RingMemory memory = direct(BYTES);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
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
    void shouldShowEachMessageReadOnlyAndBigEndianWhateverTheHandlerDidBefore() {
        RingMemory memory = direct(BYTES);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
        producer.offer(message(0, 9));
        producer.offer(message(1, 3));
        consumer.poll(received -> {
            assertTrue(received.isReadOnly());
            assertEquals(ByteOrder.BIG_ENDIAN, received.order());
            received.order(ByteOrder.LITTLE_ENDIAN).position(received.limit());
            received.limit(received.limit() - 1);
        }, 1);
        consumer.poll(received -> assertEquals(ByteOrder.BIG_ENDIAN, received.order()), 0);
        assertEquals(List.of(3), drain(consumer, 1));
    }

    @Test
    void shouldTakeOverFromAProducerThatDiedAtAnyStore() {
        for (int stores = 0; stores < 4; stores++) {
            RingMemory memory = direct(BYTES);
            SpscRing.Producer first = new SpscRing.Producer(memory, CAPACITY);
            first.offer(message(0, 10));
            long tail = first.position();
            int at = SegmentLayout.HEADER_SIZE + (int) tail;
            // What offer() stores for a message of 8 bytes, up to where it dies.
            if (stores > 0) {
                memory.write(at + 8, message(1, 8), 8);
            }
            if (stores > 1) {
                memory.setOpaque(at + 16, 0);
            }
            if (stores > 2) {
                memory.setRelease(at, 16);
            }
            SpscRing.Producer second = new SpscRing.Producer(memory, CAPACITY);
            assertEquals(stores > 2 ? tail + 16 : tail, second.position());
            int next = stores > 2 ? 2 : 1;
            assertTrue(second.offer(message(next, 7)));
            assertEquals(stores > 2 ? List.of(10, 8, 7) : List.of(10, 7),
                    drain(new SpscRing.Consumer(memory, CAPACITY), 0));
        }
    }

    /** It died before it told its position, and the consumer has taken what it had published. */
    @Test
    void shouldTakeOverBehindAConsumerThatIsAheadOfWhatADeadProducerTold() {
        for (int taken = 1; taken <= 3; taken++) {
            RingMemory memory = direct(BYTES);
            SpscRing.Producer first = new SpscRing.Producer(memory, CAPACITY);
            first.offer(message(0, 10));
            long told = first.position();
            ByteBuffer[] batch = {message(1, 8), message(2, 9), message(3, 10)};
            assertEquals(3, first.offer(batch, 0, 3));
            memory.setRelease(SegmentLayout.TAIL, told);
            SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
            consumer.poll(message -> { }, 1 + taken);
            SpscRing.Producer second = new SpscRing.Producer(memory, CAPACITY);
            assertEquals(first.position(), second.position());
            assertTrue(second.offer(message(4, 7)));
            assertEquals(List.of(8, 9, 10, 7).subList(taken, 4), drain(consumer, 1 + taken));
        }
    }

    @Test
    void shouldHandTheUnfinishedMessageToTheNextConsumer() {
        RingMemory memory = direct(BYTES);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        for (int i = 0; i < 4; i++) {
            producer.offer(message(i, 20));
        }
        SpscRing.Consumer first = new SpscRing.Consumer(memory, CAPACITY);
        AtomicInteger handled = new AtomicInteger();
        first.poll(received -> {
            if (handled.getAndIncrement() == 2) {
                // As if it died here: its successor begins with the same message.
                assertEquals(List.of(20, 20), drain(new SpscRing.Consumer(memory, CAPACITY), 2));
                first.stop();
            }
        }, 10);
        assertEquals(3, handled.get());
    }

    @Test
    void shouldCommitWhatWasClaimed() {
        RingMemory memory = direct(BYTES);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
        ByteBuffer room = producer.tryClaim(11);
        assertEquals(0, room.position());
        assertEquals(11, room.capacity());
        room.put(message(7, 11));
        assertFalse(consumer.hasRecord(), "not before the commit");
        producer.commitClaim();
        assertEquals(List.of(11), drain(consumer, 7));
        assertNull(producer.tryClaim(CAPACITY - 8));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, -1, -8, 4089, 4096, 4097, Long.MAX_VALUE, Long.MIN_VALUE, -4096, 1L << 32})
    void shouldRefuseALengthThatCannotBe(long word) {
        RingMemory memory = direct(BYTES);
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
        memory.setRelease(SegmentLayout.HEADER_SIZE, word);
        SegmentCorruptedException found = assertThrows(SegmentCorruptedException.class,
                () -> consumer.poll(received -> { }, 1));
        assertTrue(found.getMessage().contains(Long.toString(word)), found.getMessage());
        assertFalse(consumer.isHandling());
        assertThrows(SegmentCorruptedException.class, () -> new SpscRing.Producer(memory, CAPACITY));
    }

    @ParameterizedTest
    @ValueSource(longs = {-8, 1, 4097, 4104, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldRefuseAConsumersPositionThatCannotBe(long head) {
        RingMemory memory = direct(BYTES);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        memory.setRelease(SegmentLayout.HEAD, head);
        assertThrows(SegmentCorruptedException.class, () -> {
            for (int i = 0; i < 100; i++) {
                producer.offer(message(0, 100));
            }
        });
    }

    @Test
    void shouldNoticeALengthThatVanished() {
        RingMemory memory = direct(BYTES);
        SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
        producer.offer(message(0, 8));
        consumer.check();
        memory.setRelease(SegmentLayout.HEADER_SIZE, 0);
        assertThrows(SegmentCorruptedException.class, consumer::check);
    }

    /** Whatever is overwritten: delivered or refused, but no access outside, no endless loop. */
    @Test
    void shouldSurviveAnythingWrittenOverIt() {
        Random random = new Random(20260101);
        int refused = 0;
        for (int run = 0; run < 10_000; run++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
            RingMemory memory = new MappedMemory(buffer);
            SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
            SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
            try {
                for (int i = 0; i < 40; i++) {
                    if (random.nextInt(8) == 0) {
                        int at = random.nextBoolean() ? random.nextInt(BYTES)
                                : SegmentLayout.HEADER_SIZE + random.nextInt(64) * 8;
                        buffer.put(at, (byte) random.nextInt());
                    }
                    if (random.nextBoolean()) {
                        producer.offer(message(i, random.nextInt(400)));
                    } else {
                        consumer.poll(received -> assertTrue(received.remaining() <= CAPACITY - 16), 5);
                    }
                    SpscRing.depthMessages(memory, CAPACITY);
                    producer.hasAwaitedRoom();
                    consumer.hasRecord();
                    consumer.check();
                }
            } catch (SegmentCorruptedException found) {
                refused++;
            }
        }
        assertTrue(refused > 100, "only " + refused + " were noticed");
    }

    @ParameterizedTest
    @MethodSource("memories")
    void shouldPassMessagesBetweenThreads(IntFunction<RingMemory> memories) throws Exception {
        RingMemory memory = memories.apply(BYTES);
        int count = 100_000;
        Thread sending = new Thread(() -> {
            SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
            for (int i = 0; i < count; i++) {
                ByteBuffer message = message(i, i % 200);
                while (!producer.offer(message)) {
                    Thread.yield();
                }
            }
        });
        sending.start();
        SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
        int received = 0;
        while (received < count) {
            int from = received;
            AtomicInteger batch = new AtomicInteger();
            received += consumer.poll(got -> {
                int number = from + batch.getAndIncrement();
                assertEquals(message(number, number % 200), got);
            }, 100);
        }
        sending.join(10_000);
        assertFalse(sending.isAlive());
    }
}

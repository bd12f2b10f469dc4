package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.WaitStrategy;

/**
 * What is in a segment may be any bytes. In an ordinary build the seeds are run, as tests; with {@code JAZZER_FUZZ=1}
 * in the environment one method, to be named, is fuzzed for a minute:
 *
 * <pre>{@code
 * JAZZER_FUZZ=1 mvn -pl ipc-shm -am test-compile surefire:test@fuzz -Dtest='SegmentFuzzTest#spscRing'
 * }</pre>
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SegmentFuzzTest {
    private static final int CAPACITY = 4096;
    private static final MpmcLayout MPMC = new MpmcLayout(SegmentLayout.HEADER_SIZE, 3, 3, 1024);
    private static final int SMALL = 1 << 20;

    /** Direct memory that begins as the input does. */
    private static ByteBuffer memory(byte[] input, int bytes) {
        ByteBuffer memory = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        return memory.put(0, input, 0, Math.min(input.length, bytes));
    }

    /** Two words of the input become TAIL and HEAD, the rest is the ring. */
    private static RingMemory ring(byte[] input, int bytes) {
        ByteBuffer memory = memory(new byte[0], bytes);
        ByteBuffer from = ByteBuffer.wrap(input).order(ByteOrder.nativeOrder());
        if (from.remaining() >= 2 * Long.BYTES) {
            memory.putLong(SegmentLayout.TAIL, from.getLong());
            memory.putLong(SegmentLayout.HEAD, from.getLong());
        }
        int length = Math.min(from.remaining(), bytes - SegmentLayout.HEADER_SIZE);
        memory.put(SegmentLayout.HEADER_SIZE, input, from.position(), length);
        return new MappedMemory(memory);
    }

    @FuzzTest(maxDuration = "1m")
    void ringHeader(byte[] input) {
        ByteBuffer header = memory(input, SegmentLayout.HEADER_SIZE);
        Geometry found = Geometry.of(header);
        long size = header.getLong(SegmentLayout.FILE_SIZE);
        SegmentSpec spec = new SegmentSpec(Path.of("fuzzed"), "shm:fuzzed", "attach",
                new SegmentSpec.Ring(found, Set.of(), 0, header.getInt(SegmentLayout.FRAGMENTS) != 0),
                new SegmentSpec.Options(Side.PRODUCER, false, false, 0));
        try {
            if (SegmentHeader.isUnfinished(header)) {
                return;
            }
            SegmentHeader.check(header, size, spec);
        } catch (SegmentCorruptedException | IncompatibleChannelException refused) {
            assertNotNull(refused.getMessage());
            return;
        }
        assertTrue(found.ring(found.rings() - 1) + found.ringBytes() <= size);
        for (Side side : Side.values()) {
            int last = found.places(side) - 1;
            assertTrue(found.slot(side, last) + SegmentLayout.SLOT_SIZE <= found.headerBytes());
            assertTrue(found.bell(side, last) + Long.BYTES <= size);
        }
        if (size <= SMALL) {
            ByteBuffer all = memory(input, (int) size);
            Places.areAbandoned(all, found, false);
            Places.isAnyInUse(all, found, false);
        }
    }

    @FuzzTest(maxDuration = "1m")
    void segmentHeader(byte[] input) {
        ByteBuffer header = memory(input, SharedLayout.HEADER_SIZE);
        SegmentRequest request = new SegmentRequest(new FileBacking(Path.of("fuzzed")),
                new SegmentRequest.Identity("prices", "prices/2"), false, true, SegmentRequest.ANY_SIZE,
                new SegmentRequest.Terms(false, WaitStrategy.SPIN, Duration.ZERO, Windows.STRIDE),
                SegmentRequest.Content.NONE);
        try {
            SharedHeader.check(header, header.getLong(SharedLayout.FILE_SIZE), request);
        } catch (SegmentCorruptedException | IncompatibleChannelException refused) {
            assertNotNull(refused.getMessage());
            return;
        }
        assertTrue(SharedHeader.type(header).isEmpty() || SharedHeader.type(header).equals("prices/2"));
        assertTrue(new Participants(header, false).living().size() <= SharedLayout.SLOT_COUNT);
    }

    @FuzzTest(maxDuration = "1m")
    void poolHeader(byte[] input) {
        ByteBuffer memory = memory(input, PoolLayout.CONTROL);
        long size = memory.getLong(PoolLayout.POOL_SIZE);
        PoolGeometry found;
        try {
            found = PoolGeometry.read(memory, size, "fuzzed");
        } catch (SegmentCorruptedException | IncompatibleChannelException refused) {
            assertNotNull(refused.getMessage());
            return;
        }
        int last = found.blocks() - 1;
        assertEquals(size, found.size());
        assertTrue(found.controlEnd() > 0 && found.controlEnd() <= found.data(0));
        assertTrue(found.data(last) + found.classOf(last).bytes() <= size);
    }

    @FuzzTest(maxDuration = "1m")
    void spscRing(byte[] input) {
        RingMemory memory = ring(input, SegmentLayout.HEADER_SIZE + CAPACITY);
        try {
            SpscRing.depthMessages(memory, CAPACITY);
            SpscRing.Consumer consumer = new SpscRing.Consumer(memory, CAPACITY);
            SpscRing.Producer producer = new SpscRing.Producer(memory, CAPACITY);
            consumer.check();
            for (int i = 0; i < 3; i++) {
                consumer.poll(SegmentFuzzTest::look, 2000);
                producer.offer(ByteBuffer.allocate(100 * i));
            }
            assertTrue(SpscRing.depthBytes(memory, CAPACITY) <= CAPACITY);
        } catch (SegmentCorruptedException refused) {
            assertNotNull(refused.getMessage());
        }
    }

    @FuzzTest(maxDuration = "1m")
    void mpmcRing(byte[] input) {
        MpmcRing ring = new MpmcRing(ring(input, MPMC.end()), MPMC, slot -> slot == 2, slot -> slot == 2);
        try {
            ring.depthMessages();
            MpmcConsumer consumer = new MpmcConsumer(ring, 0);
            MpmcProducer producer = new MpmcProducer(ring, 1);
            ring.check();
            for (int i = 0; i < 3; i++) {
                consumer.poll(SegmentFuzzTest::look, 2000);
                consumer.lookBack();
                producer.offer(ByteBuffer.allocate(100 * i));
                producer.hasAwaitedRoom();
            }
        } catch (SegmentCorruptedException refused) {
            assertNotNull(refused.getMessage());
        }
    }

    @FuzzTest(maxDuration = "1m")
    void broadcastRing(byte[] input) {
        Broadcasts.LOSSLESS.attack(input);
    }

    @FuzzTest(maxDuration = "1m")
    void lossyRing(byte[] input) {
        Broadcasts.LOSSY.attack(input);
    }

    /** Opened once for all inputs. */
    private static final class Broadcasts {
        static final FuzzedBroadcast LOSSLESS = new FuzzedBroadcast(SegmentLayout.KIND_BROADCAST);
        static final FuzzedBroadcast LOSSY = new FuzzedBroadcast(SegmentLayout.KIND_LOSSY);

        private Broadcasts() {
        }
    }

    private static void look(ByteBuffer message) {
        assertTrue(message.remaining() < CAPACITY);
        while (message.hasRemaining()) {
            message.get();
        }
    }
}

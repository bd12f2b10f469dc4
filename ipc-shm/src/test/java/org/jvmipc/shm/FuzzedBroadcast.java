package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.spi.Peers;

/**
 * A broadcast whose memory becomes what an input says: its TAIL and HEAD, the lines of its two readers, its marks, and
 * then the ring, each as far as the input reaches. The producer and the first reader find that, and then go on.
 */
final class FuzzedBroadcast {
    private static final int CAPACITY = 4096;
    private static final int READERS = 2;
    private static final int LINE_WORDS = 4;

    private final Geometry geometry;
    private final Segment sending;
    private final Segment receiving;
    /** What it is like when both have come, and nothing was sent. */
    private final byte[] good;

    FuzzedBroadcast(int kind) {
        geometry = new Geometry(kind, CAPACITY, 1, READERS);
        Path file = Path.of(System.getProperty("jvmipc.build.dir"),
                "fuzzed-" + kind + "-" + ProcessHandle.current().pid());
        try {
            sending = open(file, Side.PRODUCER);
            receiving = open(file, Side.CONSUMER);
            // Both go on with it, as long as this process lives.
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        good = new byte[sending.memory().capacity()];
        sending.memory().get(0, good);
    }

    private Segment open(Path file, Side side) {
        return Segment.open(new SegmentSpec(file, "shm:fuzzed", "createOrAttach",
                new SegmentSpec.Ring(geometry, Set.of(), 0), new SegmentSpec.Options(side, false, false, 0)));
    }

    private OutRing producer() {
        return geometry.kind() == SegmentLayout.KIND_LOSSY ? new LossyOut(sending) : new BroadcastOut(sending);
    }

    private InRing reader() {
        return geometry.kind() == SegmentLayout.KIND_LOSSY ? new LossyIn(receiving) : new BroadcastIn(receiving);
    }

    /** The two come to what the input says; and it becomes so while they are there. */
    void attack(byte[] input) {
        sending.memory().put(0, good);
        overwrite(input);
        use(null);
        sending.memory().put(0, good);
        use(input);
        byte[] before = new byte[(int) geometry.ring(0)];
        sending.memory().get(0, before);
        assertArrayEquals(Arrays.copyOf(good, before.length), before, "nothing else was written to");
    }

    private void overwrite(byte[] input) {
        ByteBuffer words = ByteBuffer.wrap(input).order(ByteOrder.nativeOrder());
        int ring = (int) geometry.ring(0);
        overwrite(words, ring + SegmentLayout.TAIL, 1);
        overwrite(words, ring + SegmentLayout.HEAD, 1);
        for (int place = 0; place < READERS; place++) {
            overwrite(words, (int) geometry.readers() + place * SegmentLayout.LINE, LINE_WORDS);
        }
        overwrite(words, ring + BroadcastLayout.MARKS,
                BroadcastLayout.MARK_COUNT * BroadcastLayout.MARK_SIZE / Long.BYTES);
        sending.memory().put(ring + SegmentLayout.HEADER_SIZE, input, words.position(),
                Math.min(words.remaining(), CAPACITY));
    }

    private void overwrite(ByteBuffer words, int at, int count) {
        for (int i = 0; i < count && words.remaining() >= Long.BYTES; i++) {
            sending.memory().putLong(at + i * Long.BYTES, words.getLong());
        }
    }

    /**
     * Goes on as far as it can.
     *
     * @param meanwhile what the memory becomes once both are there, null if it stays as it is
     */
    private void use(byte[] meanwhile) {
        Crowd readers = new Crowd(sending, new Peers());
        Crowd producers = new Crowd(receiving, new Peers());
        try {
            OutRing out = producer();
            InRing in = reader();
            out.othersChanged(readers);
            in.othersChanged(producers);
            if (meanwhile != null) {
                out.offer(ByteBuffer.allocate(100));
                overwrite(meanwhile);
            }
            for (int i = 0; i < 3; i++) {
                in.peek(FuzzedBroadcast::look);
                in.poll(FuzzedBroadcast::look, 2000);
                in.check();
                in.hasMessage();
                out.offer(ByteBuffer.allocate(300 * i));
                out.mayOffer();
                assertTrue(in.depthMessages() >= -1 && out.depthMessages() >= -1);
                assertTrue(in.depthBytes() <= CAPACITY && out.depthBytes() <= CAPACITY);
                assertTrue(in.dropped() >= 0);
                out.othersChanged(readers);
                in.othersChanged(producers);
            }
        } catch (SegmentCorruptedException refused) {
            assertNotNull(refused.getMessage());
        } finally {
            readers.close();
            producers.close();
        }
    }

    private static void look(ByteBuffer message) {
        assertTrue(message.remaining() < CAPACITY);
        while (message.hasRemaining()) {
            message.get();
        }
    }
}

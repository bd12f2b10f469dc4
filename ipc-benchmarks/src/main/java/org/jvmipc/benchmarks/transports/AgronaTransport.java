package org.jvmipc.benchmarks.transports;

import java.io.File;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's ring buffers in a mapped file. */
final class AgronaTransport implements Transport {
    private static final int TYPE = 1;

    private final boolean claims;
    private final Sleep sleep;

    /**
     * Sends in one of two ways.
     *
     * @param claims by filling in place, or else from a buffer
     * @param sleep how to sleep
     */
    AgronaTransport(boolean claims, Sleep sleep) {
        this.claims = claims;
        this.sleep = sleep;
    }

    @Override
    public Inlet inlet(Setup setup) throws IOException {
        Path file = setup.file();
        File begun = new File(file + ".new");
        MappedByteBuffer memory =
                IoUtil.mapNewFile(begun, (long) setup.capacity() + RingBufferDescriptor.TRAILER_LENGTH);
        // Seen when it is complete.
        Files.move(begun.toPath(), file);
        return new In(ring(setup, memory), memory, sleep.strategy());
    }

    @Override
    public Outlet outlet(Setup setup) {
        File file = setup.file().toFile();
        Appearance.await("the consumer's file " + file, file::exists);
        MappedByteBuffer memory = IoUtil.mapExistingFile(file, "ring");
        RingBuffer ring = ring(setup, memory);
        return claims ? new Claims(ring, memory) : new Out(ring, memory);
    }

    private static RingBuffer ring(Setup setup, MappedByteBuffer memory) {
        AtomicBuffer buffer = new UnsafeBuffer(memory);
        return setup.shape() == Setup.Shape.ONE_TO_ONE ? new OneToOneRingBuffer(buffer)
                : new ManyToOneRingBuffer(buffer);
    }

    private static final class In implements Inlet, MessageHandler {
        private final RingBuffer ring;
        private final MappedByteBuffer memory;
        private final IdleStrategy idle;
        private Sink sink;

        In(RingBuffer ring, MappedByteBuffer memory, IdleStrategy idle) {
            this.ring = ring;
            this.memory = memory;
            this.idle = idle;
        }

        @Override
        public int poll(Sink to, int limit) {
            sink = to;
            return ring.read(this, limit);
        }

        @Override
        public void onMessage(int type, MutableDirectBuffer buffer, int at, int length) {
            Words.read(buffer, at, length, sink);
        }

        @Override
        public void await(Sink to) {
            int count;
            while ((count = poll(to, 1)) == 0) {
                idle.idle();
            }
            idle.idle(count);
        }

        @Override
        public void close() {
            IoUtil.unmap(memory);
        }
    }

    private static final class Out implements Outlet {
        private final RingBuffer ring;
        private final MappedByteBuffer memory;
        private final UnsafeBuffer message = new UnsafeBuffer(Payload.template());

        Out(RingBuffer ring, MappedByteBuffer memory) {
            this.ring = ring;
            this.memory = memory;
        }

        @Override
        public boolean offer(long first) {
            Words.stamp(message, 0, first);
            return ring.write(TYPE, message, 0, Payload.SIZE);
        }

        @Override
        public void close() {
            IoUtil.unmap(memory);
        }
    }

    private static final class Claims implements Outlet {
        private final RingBuffer ring;
        private final MappedByteBuffer memory;
        private final AtomicBuffer buffer;
        private final UnsafeBuffer message = new UnsafeBuffer(Payload.template());

        Claims(RingBuffer ring, MappedByteBuffer memory) {
            this.ring = ring;
            this.memory = memory;
            this.buffer = ring.buffer();
        }

        @Override
        public boolean offer(long first) {
            int at = ring.tryClaim(TYPE, Payload.SIZE);
            if (at < 0) {
                return false;
            }
            Words.fill(buffer, at, message, first);
            ring.commit(at);
            return true;
        }

        @Override
        public void close() {
            IoUtil.unmap(memory);
        }
    }
}

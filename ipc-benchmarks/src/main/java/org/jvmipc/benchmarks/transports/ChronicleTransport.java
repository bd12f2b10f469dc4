package org.jvmipc.benchmarks.transports;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LargeRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.SleepingIdleStrategy;

/** A Chronicle queue in memory. It keeps everything, so how much is sent in a run has to be limited. */
final class ChronicleTransport implements Transport {
    private static final long BLOCK = 256L << 20;

    @Override
    public Inlet inlet(Setup setup) throws IOException {
        ChronicleQueue queue = queue(setup);
        In inlet = new In(queue);
        Appearance.announce(setup);
        return inlet;
    }

    @Override
    public Outlet outlet(Setup setup) {
        Appearance.awaitConsumers(setup);
        return new Out(queue(setup));
    }

    private static ChronicleQueue queue(Setup setup) {
        return SingleChronicleQueueBuilder.binary(setup.file())
                .rollCycle(LargeRollCycles.LARGE_DAILY)
                .blockSize(BLOCK)
                .build();
    }

    private static final class In implements Inlet {
        private final ChronicleQueue queue;
        private final ExcerptTailer tailer;

        In(ChronicleQueue queue) {
            this.queue = queue;
            this.tailer = queue.createTailer();
        }

        @Override
        public int poll(Sink sink, int limit) {
            int count = 0;
            while (count < limit) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        break;
                    }
                    Bytes<?> bytes = document.wire().bytes();
                    long at = bytes.readPosition();
                    int length = (int) bytes.readRemaining();
                    if (length == Payload.SIZE) {
                        sink.accept(length, bytes.readLong(at), bytes.readLong(at + Payload.SECOND),
                                bytes.readLong(at + Payload.THIRD), bytes.readLong(at + Payload.LAST));
                    } else {
                        sink.accept(length, 0, 0, 0, 0);
                    }
                }
                count++;
            }
            return count;
        }

        @Override
        public void await(Sink sink) {
            SleepingIdleStrategy idle = new SleepingIdleStrategy();
            while (poll(sink, 1) == 0) {
                idle.idle();
            }
        }

        @Override
        public void close() {
            tailer.close();
            queue.close();
        }
    }

    private static final class Out implements Outlet {
        private final ChronicleQueue queue;
        private final ExcerptAppender appender;
        private final byte[] message = new byte[Payload.SIZE];
        private final ByteBuffer words = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());

        Out(ChronicleQueue queue) {
            this.queue = queue;
            this.appender = queue.createAppender();
            Payload.template().get(message);
        }

        @Override
        public boolean offer(long first) {
            Payload.stamp(words, 0, first);
            try (DocumentContext document = appender.writingDocument()) {
                document.wire().bytes().write(message, 0, Payload.SIZE);
            }
            return true;
        }

        @Override
        public void close() {
            appender.close();
            queue.close();
        }
    }
}

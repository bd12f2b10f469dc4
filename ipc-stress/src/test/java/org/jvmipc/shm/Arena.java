package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/** Memory outside the heap for the many rings that live at the same time; each place is used again and again. */
final class Arena {
    /** Bytes of the headers and of the largest ring in here. */
    private static final int SIZE = 16 << 10;
    /** Several times as many as live at the same time: see the stride in {@link StressTest}. */
    private static final int COUNT = 1024;
    private static final ByteBuffer ALL = ByteBuffer.allocateDirect(SIZE * COUNT);
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Arena() {
    }

    /** Memory that is all zeros. */
    static ByteBuffer next(int bytes) {
        if (bytes > SIZE) {
            throw new IllegalArgumentException(bytes + " bytes, there are " + SIZE);
        }
        int number = NEXT.getAndIncrement() & COUNT - 1;
        ByteBuffer place = ALL.slice(number * SIZE, bytes).order(ByteOrder.nativeOrder());
        // Between the two there is who takes part, which is nobody.
        clear(place, 0, Math.min(bytes, SegmentLayout.PRODUCER_SLOT));
        clear(place, SegmentLayout.HEADER_SIZE, bytes);
        return place;
    }

    private static void clear(ByteBuffer place, int from, int to) {
        for (int i = from; i < to; i += Long.BYTES) {
            place.putLong(i, 0);
        }
    }

    /** A message all of whose longs are the same. */
    static ByteBuffer message(long value, int length) {
        ByteBuffer message = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i += Long.BYTES) {
            message.putLong(i, value);
        }
        return message;
    }

    /** What all longs of a message are; -1 if they differ. */
    static int value(ByteBuffer message) {
        long value = message.getLong(message.position());
        for (int i = message.position(); i < message.limit(); i += Long.BYTES) {
            if (message.getLong(i) != value) {
                return -1;
            }
        }
        return (int) value;
    }
}

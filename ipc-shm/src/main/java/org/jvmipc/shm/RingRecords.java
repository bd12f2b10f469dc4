package org.jvmipc.shm;

import static org.jvmipc.shm.SegmentLayout.ALIGNMENT;
import static org.jvmipc.shm.SegmentLayout.HEADER_SIZE;
import static org.jvmipc.shm.SegmentLayout.RECORD_HEADER;

import java.util.function.LongSupplier;
import org.jvmipc.SegmentCorruptedException;

/** Reads the records of a ring. */
final class RingRecords {
    private RingRecords() {
    }

    /** Where the length word of a position is. */
    static int at(long position, int capacity) {
        return HEADER_SIZE + ((int) position & capacity - ALIGNMENT);
    }

    /** The size that a length word says its record has in the ring, negative for padding; 0 if it says nonsense. */
    static int size(long word, long position, int capacity) {
        int offset = (int) position & capacity - ALIGNMENT;
        int room = capacity - offset;
        if (word >= RECORD_HEADER && word <= Math.min(room, capacity - RECORD_HEADER)) {
            return SegmentLayout.recordSize((int) word - RECORD_HEADER);
        }
        return word == -room && offset != 0 ? -room : 0;
    }

    static SegmentCorruptedException nonsense(long word, long position, int capacity) {
        return new SegmentCorruptedException("the length word at offset " + (position & capacity - ALIGNMENT)
                + " of the ring is " + word + ", which is not that of a message or of padding there");
    }

    /** The position behind the last record, that of a dead producer included who had not told it. For any thread. */
    static long end(RingMemory memory, int capacity) {
        long told = memory.getAcquire(SegmentLayout.TAIL);
        long position = told;
        int size;
        do {
            size = size(memory.getAcquire(at(position, capacity)), position, capacity);
            position += Math.abs(size);
        } while (size != 0 && position - told < capacity);
        return position;
    }

    /** Counts the messages between two positions; -1 if the former moves on all the time. For any thread. */
    static long count(RingMemory memory, int capacity, LongSupplier head, LongSupplier tail) {
        for (int attempt = 0; attempt < 8; attempt++) {
            long from = head.getAsLong();
            long count = count(memory, capacity, from, tail.getAsLong());
            // Had that moved on, the producer might have written over what was read.
            if (count >= 0 && head.getAsLong() == from) {
                return count;
            }
        }
        return -1;
    }

    /** Counts the messages between two positions; -1 if they are not the beginnings of records of one lap. */
    static long count(RingMemory memory, int capacity, long from, long to) {
        if (to - from > capacity) {
            return -1;
        }
        long count = 0;
        long position = from;
        while (to - position > 0) {
            long word = memory.getAcquire(at(position, capacity));
            int size = size(word, position, capacity);
            if (size == 0) {
                return -1;
            }
            count += size > 0 ? 1 : 0;
            position += Math.abs(size);
        }
        return position == to ? count : -1;
    }
}

package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RingRecordsTest {
    private static final int CAPACITY = 4096;

    @Test
    @Timeout(10)
    void shouldNotFollowPositionsThatAreMoreThanALapApart() {
        RingMemory memory = new HeapMemory(SegmentLayout.HEADER_SIZE + CAPACITY);
        for (int at = 0; at < CAPACITY; at += SegmentLayout.RECORD_HEADER) {
            memory.setRelease(SegmentLayout.HEADER_SIZE + at, SegmentLayout.RECORD_HEADER);
        }
        assertEquals(CAPACITY / SegmentLayout.RECORD_HEADER, RingRecords.count(memory, CAPACITY, 0, CAPACITY));
        assertEquals(-1, RingRecords.count(memory, CAPACITY, 0, 1L << 62));
        assertEquals(-1, RingRecords.count(memory, CAPACITY, () -> 0, () -> Long.MAX_VALUE));
    }
}

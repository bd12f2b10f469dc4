package org.jvmipc.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
    private static final int SIZE = 21;

    private final TestRecord record = new TestRecord(SIZE);
    private final Verifier verifier = new Verifier(SIZE);

    private void come(long... numbers) {
        for (long number : numbers) {
            verifier.accept(record.fill(number, TestRecord.MEASURED));
        }
    }

    private void comeLast(long number) {
        verifier.accept(record.fill(number, TestRecord.LAST));
    }

    @Test
    void goodMessagesAreCounted() {
        come(0, 1, 2);
        comeLast(3);
        Arrival arrival = verifier.arrival();
        assertTrue(verifier.isFinished());
        assertEquals(4, arrival.messages());
        assertEquals(3, arrival.measured());
        assertTrue(arrival.nanos() > 0);
        assertFalse(arrival.faults().any());
    }

    @Test
    void missingMessagesAreLost() {
        come(0, 3, 4, 7);
        assertEquals(new Faults(4, 0, 0, "message 1 is missing: message 3 came instead"),
                verifier.arrival().faults());
    }

    @Test
    void messagesComeOnceAndInOrder() {
        come(0, 1, 1, 2, 0, 3);
        assertEquals(new Faults(0, 0, 2, "message 1 came late or twice: message 2 was expected"),
                verifier.arrival().faults());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 7, 8, 15, 16, 20})
    void anyChangedByteIsSeen(int index) {
        come(0);
        ByteBuffer changed = record.fill(1, 0);
        changed.put(index, (byte) (changed.get(index) ^ 0x80));
        verifier.accept(changed);
        come(2);
        assertEquals(new Faults(0, 1, 0, "message 1 came changed (21 bytes)"), verifier.arrival().faults());
    }

    @Test
    void aMessageOfAnotherLengthIsChanged() {
        verifier.accept(record.fill(0, 0).limit(SIZE - 1));
        verifier.accept(ByteBuffer.allocate(0));
        assertEquals(2, verifier.arrival().faults().changed());
    }

    @Test
    void whatTheConsumerTellsIsUnderstood() {
        come(0, 2);
        Arrival arrival = verifier.arrival();
        assertEquals(arrival, Arrival.parse(arrival.toLine()));
        assertThrows(IllegalArgumentException.class, () -> Arrival.parse("nothing"));
    }
}

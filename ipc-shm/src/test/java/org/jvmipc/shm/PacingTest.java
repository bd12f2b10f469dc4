package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** When a consumer waits for a moment. */
class PacingTest {
    private final Pacing pacing = new Pacing(2);

    /** What polls find, one after the other; whether the last one is to be repeated. */
    private boolean after(int... found) {
        boolean repeat = false;
        for (int count : found) {
            repeat = pacing.isToRepeat(count);
        }
        return repeat;
    }

    private void stream() {
        for (int i = 0; i < 100; i++) {
            after(1);
        }
    }

    @Test
    void shouldWaitOnceWhenAStreamIsTakenAsFastAsItComes() {
        stream();
        assertTrue(after(0));
        assertFalse(after(0), "the moment was not enough, so it is no such stream any more");
        assertTrue(after(2, 0), "one look in vain is no pause of the producer");
        assertTrue(after(50, 0), "many messages at once are what the moment is for");
    }

    @Test
    void shouldNeverWaitForWhoeverSendsSeldom() {
        for (int i = 0; i < 100; i++) {
            assertFalse(after(1, 0) || after(0) || after(0), "message " + i);
        }
        stream();
        assertFalse(after(0) && after(0, 0, 1, 0), "the first message after a rest");
    }

    @Test
    void shouldNotWaitBeforeItIsAStream() {
        assertFalse(after(1, 1, 1, 0));
    }

    @Test
    void shouldNotWaitWhereTheProducerCannotRunMeanwhile() {
        Pacing alone = new Pacing(1);
        for (int i = 0; i < 100; i++) {
            alone.isToRepeat(1);
        }
        assertFalse(alone.isToRepeat(0));
    }
}

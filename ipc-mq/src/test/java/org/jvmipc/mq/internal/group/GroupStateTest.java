package org.jvmipc.mq.internal.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a group knows of its messages, without anybody else. */
class GroupStateTest {
    private static final int WINDOW = 4;
    private static final int ME = 1;
    private static final int OTHER = 2;

    private final Words words = new MappedWords(
            ByteBuffer.allocateDirect(GroupLayout.fileSize(WINDOW)).order(ByteOrder.nativeOrder()));
    private final GroupState state = new GroupState(words, "g", WINDOW);

    /** Members of whom some are gone. */
    private record Some(int self, Set<Integer> gone) implements Members {
        @Override
        public boolean isGone(int number) {
            return gone.contains(number);
        }

        @Override
        public String describe(int number) {
            return "member " + number;
        }

        @Override
        public int count() {
            return 1;
        }
    }

    private Claim take(long index, int member, long until) {
        state.look(0);
        return state.takeNext(index, member, until);
    }

    private String window(long now) {
        state.look(now);
        return state.claimed() + " claimed, " + state.waiting() + " waiting, committed " + state.committed();
    }

    @Test
    void shouldTellTheEarliestTimeOfAllThatWait() {
        for (long due : new long[] {500, 300, 400}) {
            state.look(0);
            state.postpone(state.next(), due);
        }
        take(3, ME, 350);
        assertEquals("1 claimed, 3 waiting, committed 0", window(299));
        assertEquals(300, state.nextDue());
        assertFalse(state.hasDue());
        assertFalse(state.hasRoom());
        state.look(300);
        assertTrue(state.hasDue());
        assertEquals(1, state.takeDue(ME, 0).index());
        state.look(310);
        assertFalse(state.hasDue(), "it is claimed without a limit");
        assertEquals(350, state.nextDue(), "a claim that ends in time");
    }

    @Test
    void shouldDeliverTheOldestOfThoseThatAreDueWhereverItStands() {
        Claim first = take(0, ME, 0);
        state.look(0);
        state.postpone(1, 500);
        state.finish(first);
        state.look(0);
        state.postpone(2, 300);
        state.look(600);
        Claim oldest = state.takeDue(ME, 0);
        assertEquals(1, oldest.index());
        assertEquals(1, oldest.place(), "it stands behind the other one");
    }

    @Test
    void shouldNotTakeAnotherMessageInTheSamePlaceForTheOneThatWasThere() {
        Claim first = take(0, ME, 0);
        state.finish(first);
        Claim second = take(1, ME, 0);
        assertEquals(first.place(), second.place());
        assertEquals(first.word(), second.word());
        assertFalse(state.holds(first), "it is done with");
        assertTrue(state.holds(second));
    }

    @Test
    void shouldUseNoMorePlacesThanAreNeeded() {
        Claim[] all = new Claim[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            all[i] = take(i, ME, 0);
        }
        assertTrue(state.isCrowded());
        state.finish(all[1]);
        state.finish(all[3]);
        assertEquals("2 claimed, 0 waiting, committed 0", window(0));
        assertFalse(state.isCrowded(), "the last one is not in use any more");
        state.finish(all[0]);
        assertEquals("1 claimed, 0 waiting, committed 2", window(0));
        state.finish(all[2]);
        assertEquals("0 claimed, 0 waiting, committed 4", window(0));
        assertEquals(0, words.get(GroupLayout.LIMIT));
    }

    @Test
    void shouldGiveBackWhatTheDeadHadAndNothingOfTheLiving() {
        take(0, ME, 0);
        take(1, OTHER, 0);
        take(2, 3, 0);
        take(3, 4, 0);
        assertEquals(2, state.giveBackOfGone(new Some(ME, Set.of(3, 4)), 50));
        assertEquals("2 claimed, 2 waiting, committed 0", window(49));
        assertEquals(50, state.nextDue());
        assertEquals(0, state.giveBackOfGone(new Some(ME, Set.of(3, 4)), 50));
        assertEquals(1, state.giveBackAll(OTHER));
        assertEquals("1 claimed, 3 waiting, committed 0", window(49));
        assertEquals(1, state.takeDue(ME, 0).index());
    }

    @Test
    void shouldMoveWhatItsMoverDiedOver() {
        state.giveBack(take(0, ME, 0), 0);
        state.look(0);
        state.takeForMoving(OTHER);
        assertEquals("1 claimed, 0 waiting, committed 0", window(1_000_000));
        assertFalse(state.hasDue(), "it has no time");
        assertEquals(1, state.giveBackOfGone(new Some(ME, Set.of(OTHER)), 0));
        state.look(0);
        assertEquals(1, state.dueDeliveries(), "it was delivered no more often than before");
    }

    @Test
    void shouldForgetWhatALogThatHasLostItsEndWillNumberAnew() {
        for (int i = 0; i < WINDOW; i++) {
            take(i, ME, 0);
        }
        assertFalse(state.clamp(4));
        assertTrue(state.clamp(2));
        assertEquals("2 claimed, 0 waiting, committed 0", window(0));
        assertEquals(2, state.next());
    }

    @Test
    void shouldBeginWithTheOldestThatWasNotDoneWith() {
        state.finish(take(0, ME, 0));
        take(1, ME, 0);
        state.finish(take(2, ME, 0));
        assertEquals("1 claimed, 0 waiting, committed 1", window(0));
        state.reset();
        assertEquals("0 claimed, 0 waiting, committed 1", window(0));
        assertEquals(1, state.next());
        assertTrue(state.hasRoom());
        state.skip(3);
        assertEquals("0 claimed, 0 waiting, committed 3", window(0));
    }
}

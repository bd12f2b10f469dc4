package org.jvmipc.shm;

import static org.jvmipc.shm.MpmcLayout.CLAIMED;
import static org.jvmipc.shm.MpmcLayout.COMMITTED;
import static org.jvmipc.shm.MpmcLayout.DONE;
import static org.jvmipc.shm.MpmcLayout.NOBODY;
import static org.jvmipc.shm.MpmcLayout.STEP;
import static org.jvmipc.shm.MpmcLayout.TAKEN;
import static org.jvmipc.shm.SegmentLayout.HEAD;
import static org.jvmipc.shm.SegmentLayout.TAIL;

import java.util.function.IntPredicate;
import org.jvmipc.SegmentCorruptedException;

/**
 * A ring of messages from many producers to many consumers, each message to one of them, in the order in which room
 * was claimed; here is what both sides do. Any thread may call any method.
 *
 * <p>Lock-free, but for this: a producer that was stopped between claiming and committing is alive, and may be in the
 * middle of its copy; consumers wait at its message, and producers when the ring is full behind it. A consumer that was
 * stopped with a message in hand holds up producers likewise. Participants that died hold up nobody: whoever meets what
 * they left finishes it.
 *
 * <p>The steps, and what becomes of the ring if a participant dies or stops before or after any of them and goes on
 * much later, are in {@code docs/formats/mpmc.md}. In short, for each store:
 * <ul>
 * <li>TAIL, by CAS to a value that names the claimant and one of its two descriptors. Dies or stops before: nothing has
 *     happened. After: whoever claims next writes the header ({@link #help}) with the claimant's name.
 * <li>A descriptor, by its owner. It is not named by TAIL at that time, so nobody cares.
 * <li>A header, by a helper or a consumer, by CAS from a value that was loaded while it was certain what it meant;
 *     words never return to old values, so late ones fail.
 * <li>COMMITTED and DONE, stored by the one whose name the header has. It is the last store of this one to the record,
 *     and nobody else changes the header or uses the room before, unless this one is dead ({@link #isLeftBehind}).
 * <li>HEAD, by CAS over records that are DONE, and stay so until HEAD has passed.
 * </ul>
 *
 * <p>The ideas are known ones: helping the one at the tail before going on, from Michael and Scott (PODC 1996), after
 * Barnes (SPAA 1993); descriptors that say how to finish what was begun, from Harris, Fraser and Pratt (DISC 2002); a
 * lap in each word, so that late CASes fail, from Vyukov's bounded queue (2010), Morrison and Afek's LCRQ (PPoPP 2013)
 * and Nikolaev's SCQ (DISC 2019); claim, copy, commit and padding from Agrona's {@code ManyToOneRingBuffer}, whose
 * claims are anonymous, however, and end by a timeout.
 */
final class MpmcRing {
    /** No position. */
    static final long STALE = 1;
    private static final int DEPTH_ATTEMPTS = 8;
    private static final int COUNT_ATTEMPTS = 1000;

    final RingMemory memory;
    final MpmcLayout layout;
    private final IntPredicate deadProducer;
    private final IntPredicate deadConsumer;

    /**
     * Makes one of a memory that is all zeros, or has been one.
     *
     * @param memory the memory
     * @param layout where what is in it
     * @param deadProducer whether the producer that is in a slot at the time of the call has died, or nobody is in it;
     *     it must not answer for an earlier occupant
     * @param deadConsumer the same for consumers
     */
    MpmcRing(RingMemory memory, MpmcLayout layout, IntPredicate deadProducer, IntPredicate deadConsumer) {
        this.memory = memory;
        this.layout = layout;
        this.deadProducer = deadProducer;
        this.deadConsumer = deadConsumer;
    }

    /** Where the first record begins that is not done. */
    long head() {
        long head = memory.getAcquire(HEAD);
        if ((head & STEP - 1) != 0) {
            throw new SegmentCorruptedException("the position of the consumers is " + head
                    + ", allowed is a multiple of " + STEP);
        }
        return head;
    }

    /** Where the last record begins that was claimed. */
    long lastClaim() {
        return MpmcLayout.positionOf(memory.getAcquire(TAIL));
    }

    /** The header of the record at a position, 0 if there is none, or none any more. */
    long wordAt(long position) {
        long word = memory.getAcquire(layout.headerAt(position));
        return layout.isOf(word, position) ? layout.checked(word, position) : 0;
    }

    boolean replace(long position, long word, long replacement) {
        return memory.compareAndSet(layout.headerAt(position), word, replacement);
    }

    long after(long position, long word) {
        return position + MpmcLayout.size(layout.length(word));
    }

    // The last claim.

    /**
     * Writes the header of the last claim, unless somebody has.
     *
     * @param tail what the tail is
     * @return where the claim ends; {@link #STALE} if the tail is another one by now, so that somebody has helped
     */
    long help(long tail) {
        long position = MpmcLayout.positionOf(tail);
        int at = layout.headerAt(position);
        long descriptor = memory.getAcquire(layout.descriptorAt(tail));
        long word = memory.getAcquire(at);
        // Only now is it certain that the descriptor, which its claimant writes again only when the tail has moved on,
        // and the header, which may be of the laps to come by then, were those of this claim.
        if (memory.getAcquire(TAIL) != tail) {
            return STALE;
        }
        int length = layout.claimedLength(descriptor, position);
        if (!layout.isOf(word, position)) {
            int state = MpmcLayout.isMessage(descriptor) ? CLAIMED : DONE;
            // Fails if somebody else has done it.
            memory.compareAndSet(at, word, layout.word(position, state, MpmcLayout.slotOf(tail), length));
        }
        return position + MpmcLayout.size(length);
    }

    // What the dead left.

    /** Whether the one whom a header names has died: the claimant of a claim, the consumer of a message taken. */
    boolean isLeftBehind(long word) {
        int slot = layout.slot(word);
        return layout.state(word) < TAKEN ? deadProducer.test(slot) : slot == NOBODY || deadConsumer.test(slot);
    }

    /** Makes padding of what a dead producer claimed; false if somebody else was faster. */
    boolean skip(long position, long word) {
        boolean skipped = replace(position, word, layout.with(word, DONE, layout.slot(word)));
        if (skipped) {
            long count = skipped();
            for (int i = 0; i < COUNT_ATTEMPTS && !memory.compareAndSet(layout.skippedAt(), count, count + 1); i++) {
                count = skipped();
            }
        }
        return skipped;
    }

    /** How many claims of dead producers were skipped; one less for each participant that died while counting. */
    long skipped() {
        return memory.getAcquire(layout.skippedAt());
    }

    /**
     * Makes padding of what an earlier producer in a slot claimed. To be called before the new one does anything else.
     *
     * @return the number of the descriptor that may be written
     */
    int takeOverProducer(int slot) {
        long tail = memory.getAcquire(TAIL);
        boolean last = MpmcLayout.slotOf(tail) == slot;
        if (last) {
            help(tail);
        }
        takeOver((position, word) -> {
            if (layout.state(word) == CLAIMED && layout.slot(word) == slot) {
                skip(position, word);
            }
        });
        return last ? 1 - MpmcLayout.descriptorOf(tail) : 0;
    }

    /**
     * Leaves to other consumers what an earlier one in a slot had in hand. To be called before the new one does
     * anything else.
     */
    void takeOverConsumer(int slot) {
        takeOver((position, word) -> {
            int state = layout.state(word);
            if (state >= TAKEN && layout.slot(word) == slot) {
                replace(position, word, layout.with(word, state, NOBODY));
            }
        });
    }

    private interface Visitor {
        void visit(long position, long word);
    }

    private void takeOver(Visitor visitor) {
        long position = head();
        for (int i = 0; i <= 2 * layout.cells(); i++) {
            long word = wordAt(position);
            if (word != 0) {
                visitor.visit(position, word);
                position = after(position, word);
                continue;
            }
            long head = head();
            if (head - position <= 0) {
                break;
            }
            position = head;
        }
    }

    // Room.

    /** Gives back the room of what is done at the head, and returns where the head is now. */
    long advanceHead() {
        long head = head();
        long position = head;
        for (int i = 0; i < layout.cells(); i++) {
            long word = wordAt(position);
            int state = word == 0 ? 0 : layout.state(word);
            if (state == CLAIMED && isLeftBehind(word) && skip(position, word)) {
                state = DONE;
            }
            if (state != DONE) {
                break;
            }
            position = after(position, word);
        }
        // If it is not where it was, somebody else has given room back.
        return position == head || memory.compareAndSet(HEAD, head, position) ? position : head();
    }

    /** Whether the message at a position was taken, and its handler has returned. */
    boolean isTaken(long position) {
        long word = wordAt(position);
        return word != 0 && layout.state(word) == DONE || head() - position > 0;
    }

    // What is to be seen.

    /** The messages whose handlers have not returned; -1 if the consumers are too busy to be counted. */
    long depthMessages() {
        return walk(true);
    }

    /** The bytes from the first message whose handler has not returned to the last; -1 as above. */
    long depthBytes() {
        return walk(false);
    }

    private long walk(boolean counting) {
        for (int attempt = 0; attempt < DEPTH_ATTEMPTS; attempt++) {
            long head = advanceHead();
            long position = head;
            long count = 0;
            for (long word; position - head < layout.lap() && (word = wordAt(position)) != 0; ) {
                count += layout.state(word) == COMMITTED || layout.state(word) >= TAKEN ? 1 : 0;
                position = after(position, word);
            }
            if (head() == head) {
                return counting ? count : MpmcLayout.bytes(position - head);
            }
        }
        return -1;
    }

    /** The header of the record for which producers wait when there is no room; 0 if they need not. */
    long holdsUpProducers() {
        long word = wordAt(head());
        int state = word == 0 ? 0 : layout.state(word);
        return state == CLAIMED || state >= TAKEN && layout.slot(word) != NOBODY ? word : 0;
    }

    /** The header of the claim for which consumers wait; 0 if there is none. */
    long holdsUpConsumers() {
        long head = head();
        long position = head;
        for (long word; position - head < layout.lap() && (word = wordAt(position)) != 0; ) {
            if (layout.state(word) == CLAIMED) {
                return word;
            }
            position = after(position, word);
        }
        return 0;
    }

    /** Looks whether the ring is still one: a header that was overwritten would hide all that follows. */
    void check() {
        long head = head();
        long last = MpmcLayout.positionOf(memory.getAcquire(TAIL));
        long position = head;
        for (long word; position - last < 0 && (word = wordAt(position)) != 0; ) {
            position = after(position, word);
        }
        boolean astray = position - last < 0 || last - head >= layout.lap() || head - last > layout.lap();
        if (astray && head() == head) {
            throw new SegmentCorruptedException("the last claim is at " + last + " and the consumers are at " + head
                    + ", but there is no record at " + position);
        }
    }
}

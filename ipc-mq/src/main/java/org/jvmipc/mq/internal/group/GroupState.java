package org.jvmipc.mq.internal.group;

import static org.jvmipc.mq.internal.group.GroupLayout.CLAIMED;
import static org.jvmipc.mq.internal.group.GroupLayout.COMMITTED;
import static org.jvmipc.mq.internal.group.GroupLayout.DELIVERIES_MAX;
import static org.jvmipc.mq.internal.group.GroupLayout.DUE;
import static org.jvmipc.mq.internal.group.GroupLayout.INDEX;
import static org.jvmipc.mq.internal.group.GroupLayout.LIMIT;
import static org.jvmipc.mq.internal.group.GroupLayout.MOVING;
import static org.jvmipc.mq.internal.group.GroupLayout.NEXT;
import static org.jvmipc.mq.internal.group.GroupLayout.READY;
import static org.jvmipc.mq.internal.group.GroupLayout.WORD;
import static org.jvmipc.mq.internal.group.GroupLayout.deliveries;
import static org.jvmipc.mq.internal.group.GroupLayout.entry;
import static org.jvmipc.mq.internal.group.GroupLayout.owner;
import static org.jvmipc.mq.internal.group.GroupLayout.state;
import static org.jvmipc.mq.internal.group.GroupLayout.word;

import org.jvmipc.SegmentCorruptedException;

/**
 * What a group knows of its messages: how far it has read, and the window of those that were read and are not done
 * with. All is called by who has the lock. Each method is a row of stores after any of which its member may die: what
 * stands there then is a state as any other, but that {@link #repair} must come first. The proof is in
 * {@code docs/formats/group.md}. Times are those of a clock that nobody sets.
 */
final class GroupState {
    private final Words words;
    private final String name;
    private final int capacity;

    /** An empty place, or -1; of the last {@link #look}. */
    private int free;
    /** The place of the first message that is due, or -1; of the last look. */
    private int due;
    private long nextDue;
    private int waiting;
    private int claimed;

    /**
     * Creates the view.
     *
     * @param words of the file
     * @param name of the group, for messages
     * @param capacity of the window
     */
    GroupState(Words words, String name, int capacity) {
        this.words = words;
        this.name = name;
        this.capacity = capacity;
    }

    /** The least index that was not read yet. */
    long next() {
        return words.get(NEXT);
    }

    /** All messages below are done with. */
    long committed() {
        return words.get(COMMITTED);
    }

    private int limit() {
        long limit = words.get(LIMIT);
        if (limit < 0 || limit > capacity) {
            throw new SegmentCorruptedException(name + " says that " + limit + " of its " + capacity
                    + " places are in use; it is broken, remove it");
        }
        return (int) limit;
    }

    private long wordAt(int place) {
        long word = words.get(entry(place) + WORD);
        if (state(word) > MOVING || state(word) == 0 && word != 0) {
            throw new SegmentCorruptedException(name + " has " + Long.toHexString(word) + " at place " + place
                    + ", which says nothing; it is broken, remove it");
        }
        return word;
    }

    private long indexAt(int place) {
        return words.get(entry(place) + INDEX);
    }

    private long dueAt(int place) {
        return words.get(entry(place) + DUE);
    }

    private void put(int place, long word) {
        words.set(entry(place) + WORD, word);
    }

    private void putDue(int place, long micros) {
        words.set(entry(place) + DUE, micros);
    }

    /** After somebody died with the lock: what it had put into the window and not counted as read counts as read. */
    void repair() {
        long next = next();
        for (int i = 0, limit = limit(); i < limit; i++) {
            if (wordAt(i) != 0) {
                next = Math.max(next, indexAt(i) + 1);
            }
        }
        words.set(NEXT, next);
    }

    /** Looks through the window: what is due, what is empty, and what all are done with. */
    void look(long now) {
        free = -1;
        due = -1;
        nextDue = Long.MAX_VALUE;
        waiting = 0;
        claimed = 0;
        int limit = limit();
        int top = 0;
        long oldest = next();
        for (int i = 0; i < limit; i++) {
            long word = wordAt(i);
            if (word == 0) {
                free = free < 0 ? i : free;
                continue;
            }
            top = i + 1;
            oldest = Math.min(oldest, indexAt(i));
            note(i, word, now);
        }
        if (free < 0 && limit < capacity) {
            free = limit;
        }
        if (top < limit) {
            words.set(LIMIT, top);
        }
        if (oldest > committed()) {
            words.set(COMMITTED, oldest);
        }
    }

    private void note(int place, long word, long now) {
        long when = dueAt(place);
        if (state(word) == READY) {
            waiting++;
        } else {
            claimed++;
            if (state(word) == MOVING || when == 0) {
                return;
            }
        }
        if (when > now) {
            nextDue = Math.min(nextDue, when);
        } else if (due < 0 || indexAt(place) < indexAt(due)) {
            due = place;
        }
    }

    /** Whether a message of the window is due; can be asked without the lock, and is true for what is due for long. */
    boolean isAnyDue(long now) {
        for (int i = 0, limit = limit(); i < limit; i++) {
            long word = wordAt(i);
            long when = dueAt(i);
            if (when <= now && (state(word) == READY || state(word) == CLAIMED && when != 0)) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody who is gone has a message; can be asked without the lock. */
    boolean isAnyOfGone(Members members) {
        int alive = members.self();
        for (int i = 0, limit = limit(); i < limit; i++) {
            int owner = owner(wordAt(i));
            if (owner != 0 && owner != alive) {
                if (members.isGone(owner)) {
                    return true;
                }
                alive = owner;
            }
        }
        return false;
    }

    /** Whether the last look found a message that is to be delivered again, or later than it was read. */
    boolean hasDue() {
        return due >= 0;
    }

    /** Whether the last look found room. */
    boolean hasRoom() {
        return free >= 0;
    }

    /** Whether others may be waiting for room. */
    boolean isCrowded() {
        return limit() == capacity;
    }

    /** When the next message of the window is due, by the last look. */
    long nextDue() {
        return nextDue;
    }

    /** How many messages wait in the window, by the last look. */
    int waiting() {
        return waiting;
    }

    /** How many messages are being handled, by the last look. */
    int claimed() {
        return claimed;
    }

    /** How often the message that is due was delivered. */
    int dueDeliveries() {
        return deliveries(wordAt(due));
    }

    /**
     * Takes the message that is due.
     *
     * @param member who takes it
     * @param until when it is to be acknowledged, or 0
     */
    Claim takeDue(int member, long until) {
        Claim claim = claim(due, word(CLAIMED, Math.min(dueDeliveries() + 1, DELIVERIES_MAX), member));
        // Whoever dies in between has taken it with a time that is over, and will be found dead.
        putDue(due, until);
        return claim;
    }

    /** Takes the message that is due, to move it to the dead letters. */
    Claim takeForMoving(int member) {
        return claim(due, word(MOVING, dueDeliveries(), member));
    }

    /** Takes the message that is due for good. */
    Claim takeDueForGood() {
        Claim claim = new Claim(-1, word(CLAIMED, Math.min(dueDeliveries() + 1, DELIVERIES_MAX), 0), indexAt(due));
        put(due, 0);
        return claim;
    }

    private Claim claim(int place, long word) {
        put(place, word);
        return new Claim(place, word, indexAt(place));
    }

    /**
     * Takes a message that was not read before.
     *
     * @param index its index
     * @param member who takes it
     * @param until when it is to be acknowledged, or 0
     */
    Claim takeNext(long index, int member, long until) {
        return add(index, until, word(CLAIMED, 1, member));
    }

    /** Has a message that was not read before wait until it is due. */
    void postpone(long index, long until) {
        add(index, until, word(READY, 0, 0));
    }

    private Claim add(long index, long when, long word) {
        int place = free;
        putDue(place, when);
        words.set(entry(place) + INDEX, index);
        if (place >= limit()) {
            words.set(LIMIT, place + 1);
        }
        // From here on the message is in the window; if this one dies before the next store, repair() makes it.
        put(place, word);
        words.set(NEXT, index + 1);
        return new Claim(place, word, index);
    }

    /** What was not read before an index is not there any more. */
    void skip(long index) {
        words.set(NEXT, index);
    }

    /** Takes a message that was not read before, for good. */
    Claim takeNextForGood(long index) {
        words.set(NEXT, index + 1);
        return new Claim(-1, word(CLAIMED, 1, 0), index);
    }

    /** Whether a claim still holds, and is not another member's, or done with. */
    boolean holds(Claim claim) {
        return claim.place() >= 0 && wordAt(claim.place()) == claim.word() && indexAt(claim.place()) == claim.index();
    }

    /** Is done with a message. */
    void finish(Claim claim) {
        put(claim.place(), 0);
    }

    /** Gives a message back. */
    void giveBack(Claim claim, long when) {
        giveBack(claim.place(), claim.word(), when);
    }

    private void giveBack(int place, long word, long when) {
        // While it is claimed the time is that of the claim: whoever dies in between is found dead all the same.
        putDue(place, when);
        put(place, word(READY, deliveries(word), 0));
    }

    /** Gives back what those had who are gone; returns how many. */
    int giveBackOfGone(Members members, long when) {
        int count = 0;
        int alive = members.self();
        for (int i = 0, limit = limit(); i < limit; i++) {
            long word = wordAt(i);
            int owner = owner(word);
            if (owner == 0 || owner == alive) {
                continue;
            }
            if (members.isGone(owner)) {
                giveBack(i, word, when);
                count++;
            } else {
                alive = owner;
            }
        }
        return count;
    }

    /** Gives back all that one has; returns how many. */
    int giveBackAll(int member) {
        int count = 0;
        for (int i = 0, limit = limit(); i < limit; i++) {
            long word = wordAt(i);
            if (owner(word) == member) {
                giveBack(i, word, 0);
                count++;
            }
        }
        return count;
    }

    /** Begins where nobody knows more than what all are done with: after the machine has gone down. */
    void reset() {
        for (int i = 0; i < capacity; i++) {
            put(i, 0);
        }
        words.set(LIMIT, 0);
        words.set(NEXT, committed());
    }

    /**
     * Begins with what comes next if the log ends before that: when the machine went down it may have lost its end.
     *
     * @param end of the log
     * @return whether it was so
     */
    boolean clamp(long end) {
        if (next() <= end) {
            return false;
        }
        for (int i = 0, limit = limit(); i < limit; i++) {
            // Its index will be that of another message.
            if (wordAt(i) != 0 && indexAt(i) >= end) {
                put(i, 0);
            }
        }
        words.set(COMMITTED, Math.min(committed(), end));
        words.set(NEXT, end);
        return true;
    }

    /** Counts, for people: one may be missing if somebody died. */
    void count(int counter, long number) {
        words.set(counter, words.get(counter) + number);
    }

    long counted(int counter) {
        return words.get(counter);
    }
}

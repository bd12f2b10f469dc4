package org.jvmipc.shm.sync;

/**
 * That threads wait for a lock: the mark in its word, by which whoever lets go knows it, and how long those who wait
 * have seen the same hold. Whoever sets a mark, which goes when the lock is given back, notes the moment; so it can be
 * told how long the lock has been held at least, and nobody reads a clock who neither waits nor has waited.
 */
final class Contention {
    private final SyncMemory memory;
    private final Waiters waiters;

    Contention(SyncMemory memory, Waiters waiters) {
        this.memory = memory;
        this.waiters = waiters;
    }

    /** Whether the word of a holder has the mark, which is set if need be; false if the word has changed. */
    boolean isMarked(long word) {
        if (LockState.has(word, LockState.CONTENDED)) {
            return true;
        }
        if (!memory.compareAndSet(SyncLayout.WORD, word, word | LockState.CONTENDED)) {
            return false;
        }
        noteHold();
        return true;
    }

    /** Lets whoever holds it signal those who wait, when it lets go. The holder has just put one there. */
    void mark() {
        if (!LockState.has(memory.getAndOr(SyncLayout.WORD, LockState.CONTENDED), LockState.CONTENDED)) {
            noteHold();
        }
    }

    /** After taking it: for those who had set the mark for an earlier holder. */
    void markIfOthersWait(Place place) {
        if (waiters.hasOthers(place, WaitState.ACQUIRERS)) {
            mark();
        }
    }

    /** What was signalled to one who makes no use of it, or only shares it, is for the next. */
    void passOn() {
        while (waiters.firstState(WaitState.ACQUIRERS) != 0) {
            long word = memory.get(SyncLayout.WORD);
            if (!LockState.isHeld(word)) {
                waiters.signalFirst(WaitState.ACQUIRERS);
                return;
            }
            if (isMarked(word)) {
                return;
            }
        }
    }

    /** A mark was set, or is there. The moment only rises: one that is late to note it makes no hold look older. */
    void noteHold() {
        long now = System.currentTimeMillis();
        long noted = memory.getOpaque(SyncLayout.HELD_SINCE);
        while (noted < now && !memory.compareAndSet(SyncLayout.HELD_SINCE, noted, now)) {
            noted = memory.getOpaque(SyncLayout.HELD_SINCE);
        }
    }

    /** How long a hold has been seen, in milliseconds; 0 if its word has none of some marks. */
    long heldMillis(long word, long marks) {
        return LockState.has(word, marks)
                ? Math.max(0, System.currentTimeMillis() - memory.getOpaque(SyncLayout.HELD_SINCE)) : 0;
    }
}

package org.jvmipc.shm.sync;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.LongPredicate;

/**
 * Moves permits of those who have gone: from the word of a participant to {@link PermitLayout#LOST}, and from there to
 * the word of the semaphore. One does so at a time, and whoever finds that one dead finishes what it began, so that no
 * permit is lost on the way, and none comes twice.
 *
 * <p><b>To LOST.</b> Two words change. So what is to come is written down first ({@link PermitLayout#MOVED_FROM},
 * {@link PermitLayout#MOVED_LOST}, then {@link PermitLayout#MOVE}); the participant's word is set to 0 by a
 * compare-and-set, and if that is done the rest follows from what was written down, however often.
 *
 * <p><b>From LOST.</b> The compare-and-set that adds permits to the semaphore's word sets {@link PermitLayout#GIVEN},
 * too, and as long as that is set, LOST is to become 0.
 */
final class Ledger {
    /** Instead of a result. */
    static final int CLOSED = -2;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = 50_000;
    private static final long BALANCE_MASK = 0xffff_ffffL;

    private final SyncWords words;
    private final long self;
    private final LongPredicate gone;
    private final int initial;
    private boolean closed;

    /**
     * Creates the view.
     *
     * @param words of the semaphore
     * @param self the participant, in the upper half
     * @param gone whether the participant in the upper half of a word has left or died
     * @param initial the permits that the semaphore began with
     */
    Ledger(SyncWords words, long self, LongPredicate gone, int initial) {
        this.words = words;
        this.self = self;
        this.gone = gone;
        this.initial = initial;
    }

    static int offset(int place) {
        return PermitLayout.BALANCES + place * Long.BYTES;
    }

    /**
     * Does something while nobody else does, after what a dead one has left was finished.
     *
     * @param work that, which calls {@link #move} and {@link #give}
     * @return its result; -1 if another one that lives is at it for two seconds, as it is stopped; {@link #CLOSED} if
     *         the participant is about to leave
     */
    synchronized int inside(IntSupplier work) {
        if (closed) {
            return CLOSED;
        }
        long start = System.nanoTime();
        while (!enter()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                return -1;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        try {
            finish();
            return work.getAsInt();
        } finally {
            words.compareAndSet(PermitLayout.KEEPER, self, 0);
        }
    }

    /** The participant leaves: no thread of it does anything here any more. */
    synchronized void close() {
        closed = true;
    }

    private boolean enter() {
        long keeper = words.get(PermitLayout.KEEPER);
        return (keeper == 0 || gone.test(keeper)) && words.compareAndSet(PermitLayout.KEEPER, keeper, self);
    }

    private void finish() {
        if ((words.get(SyncLayout.WORD) & PermitLayout.GIVEN) != 0) {
            forget();
        }
        long move = words.get(PermitLayout.MOVE);
        if (move > 0 && move <= PermitLayout.BALANCE_COUNT) {
            long now = words.get(offset((int) move - 1));
            // Nobody takes the place before this is over, so it is the same participant's or 0.
            if (participant(now) != participant(words.get(PermitLayout.MOVED_FROM))) {
                words.set(PermitLayout.LOST, words.get(PermitLayout.MOVED_LOST));
            }
        }
        if (move != 0) {
            words.set(PermitLayout.MOVE, 0);
        }
    }

    private static long participant(long word) {
        return word & ~BALANCE_MASK;
    }

    /** Clears the word of a place. What was taken and not given back goes to LOST. */
    void move(int place) {
        boolean done = false;
        while (!done) {
            long from = words.get(offset(place));
            long lost = words.get(PermitLayout.LOST) + Math.max(0, (int) from);
            words.set(PermitLayout.MOVED_FROM, from);
            words.set(PermitLayout.MOVED_LOST, lost);
            words.set(PermitLayout.MOVE, place + 1L);
            done = words.compareAndSet(offset(place), from, 0);
            if (done) {
                words.set(PermitLayout.LOST, lost);
            }
            words.set(PermitLayout.MOVE, 0);
        }
    }

    /**
     * Gives the semaphore what is in LOST.
     *
     * @return how many permits that was
     * @throws Error if it would have more than an int can say; they stay in LOST
     */
    int give() {
        long lost = words.get(PermitLayout.LOST);
        if (lost <= 0) {
            return 0;
        }
        while (true) {
            long word = words.get(SyncLayout.WORD);
            if ((int) (word >>> PermitLayout.PERMITS_SHIFT) + initial + lost > Integer.MAX_VALUE) {
                throw new Error("Maximum permit count exceeded");
            }
            long next = word + (lost << PermitLayout.PERMITS_SHIFT) | PermitLayout.GIVEN;
            if (words.compareAndSet(SyncLayout.WORD, word, next)) {
                forget();
                return (int) lost;
            }
        }
    }

    private void forget() {
        words.set(PermitLayout.LOST, 0);
        long word = words.get(SyncLayout.WORD);
        while (!words.compareAndSet(SyncLayout.WORD, word, word & ~PermitLayout.GIVEN)) {
            word = words.get(SyncLayout.WORD);
        }
    }
}

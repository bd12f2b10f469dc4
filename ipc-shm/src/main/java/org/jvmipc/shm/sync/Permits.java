package org.jvmipc.shm.sync;

import java.util.concurrent.TimeUnit;

/**
 * The engine of what is counted and taken: a semaphore, or an event that resets itself. One word has the number and a
 * mark; each takes for itself by a compare-and-set, nothing is handed over, so one that dies waiting has taken nothing.
 *
 * <p><b>No wake-up is lost.</b> Who fails to take is in the queue before it sees the number too small, or another
 * before it, <i>with</i> the mark CONTENDED, which it sets if need be. Who adds permits signals the first in the queue
 * if the mark is there; who leaves the queue, with or without permits, signals the next, or takes the mark away and
 * looks again whether nobody has come. If one of them dies before it does, the others look by themselves within 80 ms.
 *
 * <p>Those in the queue take in their order, fair or not; if it is unfair, newcomers take without queueing. One that is
 * seen first for some 0.3 s, although there is enough for it, is marked, and others go past it until it tries again: it
 * is stopped.
 */
final class Permits {
    private static final int EXACT_NEEDS = 128;
    private static final long TRY_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final SyncMemory memory;
    private final Waiters waiters;
    private final int initial;
    private final int most;
    private final Balances balances;

    /**
     * Creates the engine.
     *
     * @param initial how many its creator gave
     * @param most more than so many cannot be there
     * @param balances where it is noted who has them; null if nowhere
     */
    Permits(SyncMemory memory, Waiters waiters, int initial, int most, Balances balances) {
        this.memory = memory;
        this.waiters = waiters;
        this.initial = initial;
        this.most = most;
        this.balances = balances;
    }

    int available() {
        return available(memory.get(SyncLayout.WORD));
    }

    private int available(long word) {
        return (int) (word >>> PermitLayout.PERMITS_SHIFT) + initial;
    }

    private long with(long word, int permits) {
        return (long) (permits - initial) << PermitLayout.PERMITS_SHIFT | word & PermitLayout.FLAGS;
    }

    private static boolean isContended(long word) {
        return (word & PermitLayout.CONTENDED) != 0;
    }

    /**
     * Takes some if there are enough.
     *
     * @param barges whether to take them from under the noses of those who wait
     */
    boolean tryTake(int permits, boolean barges) {
        memory.checkOpen();
        while (true) {
            long word = memory.get(SyncLayout.WORD);
            long left = (long) available(word) - permits;
            if (left < 0 || !barges && isContended(word) && !removesMark()) {
                return false;
            }
            if (takes(word, (int) left, permits)) {
                return true;
            }
        }
    }

    /** Takes some and notes it, unless the word has changed. */
    private boolean takes(long word, int left, int permits) {
        begins();
        try {
            if (!memory.compareAndSet(SyncLayout.WORD, word, with(word, left))) {
                return false;
            }
            taken(permits);
            return true;
        } finally {
            ends();
        }
    }

    /** Two words are to be changed, one after the other, which the end of the process is not to part. */
    private void begins() {
        if (balances != null) {
            balances.begins();
        }
    }

    private void ends() {
        if (balances != null) {
            balances.ends();
        }
    }

    /** The mark may be that of one who died in the queue; who never waits has to find that out, too. */
    private boolean removesMark() {
        long now = System.nanoTime();
        if (now - memory.lookedAt() < TRY_LOOK_NANOS) {
            return false;
        }
        memory.looked(now);
        waiters.look();
        passOn();
        return waiters.firstState(WaitState.ACQUIRERS) == 0;
    }

    /** Which counts if it is noted before this object is closed, and else is undone. */
    private void taken(int permits) {
        if (!isNoted(permits)) {
            addForOthers(permits, balances == null);
            throw memory.closed();
        }
    }

    private boolean isNoted(int permits) {
        return balances == null ? !memory.isClosed() : balances.add(permits);
    }

    private void note(int permits) {
        if (!isNoted(permits)) {
            throw memory.closed();
        }
    }

    /** Takes some, and waits for them. */
    boolean take(int permits, long deadline, boolean interruptibly) throws InterruptedException {
        if (!waiters.acquire(new Take(permits), WaitState.EXCLUSIVE, deadline, interruptibly)) {
            return false;
        }
        passOn();
        return true;
    }

    /**
     * Adds some.
     *
     * @param saturates whether those that are too many are dropped
     */
    void add(int permits, boolean saturates) {
        begins();
        try {
            note(-permits);
            addNoted(permits, saturates);
        } finally {
            ends();
        }
    }

    private void addNoted(int permits, boolean saturates) {
        try {
            addForOthers(permits, saturates);
        } catch (Error tooMany) {
            // In vain if it was closed meanwhile.
            isNoted(permits);
            throw tooMany;
        }
    }

    /** Gives back what those had that have gone. */
    int giveAbandoned() {
        int given = balances.giveAbandoned();
        if (given > 0 && isContended(memory.get(SyncLayout.WORD))) {
            waiters.signalFirst(WaitState.ACQUIRERS);
        }
        return given;
    }

    /** Adds some that this participant did not have. */
    private void addForOthers(int permits, boolean saturates) {
        while (true) {
            long word = memory.get(SyncLayout.WORD);
            long sum = (long) available(word) + permits;
            if (sum > most && !saturates) {
                throw new Error("Maximum permit count exceeded");
            }
            if (memory.compareAndSet(SyncLayout.WORD, word, with(word, (int) Math.min(sum, most)))) {
                if (isContended(word)) {
                    waiters.signalFirst(WaitState.ACQUIRERS);
                }
                return;
            }
        }
    }

    /** Takes some away, so that there may be less than none. */
    void reduce(int permits) {
        while (true) {
            long word = memory.get(SyncLayout.WORD);
            long left = (long) available(word) - permits;
            if (left < Integer.MIN_VALUE) {
                throw new Error("Permit count underflow");
            }
            if (memory.compareAndSet(SyncLayout.WORD, word, with(word, (int) left))) {
                return;
            }
        }
    }

    /** Takes all there are, or adds what is missing to none. */
    int drain() {
        while (true) {
            long word = memory.get(SyncLayout.WORD);
            int all = available(word);
            if (all == 0 || all > 0 && takes(word, 0, all)) {
                return all;
            }
            if (all < 0 && memory.compareAndSet(SyncLayout.WORD, word, with(word, 0))) {
                if (isContended(word)) {
                    waiters.signalFirst(WaitState.ACQUIRERS);
                }
                return all;
            }
        }
    }

    /** One has left the queue: signals the next, or takes the mark away that nobody needs. */
    private void passOn() {
        while (true) {
            long word = memory.get(SyncLayout.WORD);
            if (waiters.firstState(WaitState.ACQUIRERS) != 0) {
                if (isContended(word)
                        || memory.compareAndSet(SyncLayout.WORD, word, word | PermitLayout.CONTENDED)) {
                    if (available(word) >= 0) {
                        waiters.signalFirst(WaitState.ACQUIRERS);
                    }
                    return;
                }
            } else if (!isContended(word)) {
                return;
            } else {
                memory.compareAndSet(SyncLayout.WORD, word, word & ~PermitLayout.CONTENDED);
            }
        }
    }

    /** How many somebody wants, in eight bits: exactly, or rounded up to a power of two. */
    static int needCode(int permits) {
        return permits < EXACT_NEEDS ? permits : EXACT_NEEDS + Integer.SIZE - Integer.numberOfLeadingZeros(permits - 1);
    }

    /** What a code stands for. */
    static long need(int code) {
        return code < EXACT_NEEDS ? code : Math.min(Integer.MAX_VALUE, 1L << code - EXACT_NEEDS);
    }

    /** One thread that wants some. */
    private final class Take implements Attempt {
        private final int permits;

        Take(int permits) {
            this.permits = permits;
        }

        @Override
        public boolean attempt(Place place) {
            noteNeed(place);
            while (true) {
                long word = memory.get(SyncLayout.WORD);
                long left = (long) available(word) - permits;
                if (left < 0 || !waiters.isFirst(place, WaitState.ACQUIRERS)) {
                    if (isContended(word)
                            || memory.compareAndSet(SyncLayout.WORD, word, word | PermitLayout.CONTENDED)) {
                        return false;
                    }
                } else if (takes(word, (int) left, permits)) {
                    return true;
                }
            }
        }

        /** So that others can tell whether there is enough for this one. */
        private void noteNeed(Place place) {
            long state = place.state();
            if (state != 0 && WaitState.detail(state) == 0 && permits != 0) {
                place.compareAndSetState(state, state | (long) needCode(permits) << WaitState.DETAIL_SHIFT);
            }
        }

        @Override
        public boolean attemptUnqueued() {
            return (!memory.isFair() || waiters.firstState(WaitState.ACQUIRERS) == 0) && tryTake(permits, true);
        }

        @Override
        public boolean isWorthTrying(Place place) {
            return available() >= permits && waiters.isFirst(place, WaitState.ACQUIRERS);
        }

        @Override
        public void look(Place place) {
            long first = waiters.firstState(WaitState.ACQUIRERS);
            boolean enough = first != 0 && available() >= need(WaitState.detail(first));
            if (place.sawTooOften(enough ? first : 0)) {
                waiters.pass(first);
                waiters.signalFirst(WaitState.ACQUIRERS);
            }
        }

        @Override
        public void gaveUp() {
            passOn();
        }
    }
}

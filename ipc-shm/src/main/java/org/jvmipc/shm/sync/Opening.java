package org.jvmipc.shm.sync;

import java.util.function.LongPredicate;

/**
 * The engine of what lets all pass who wait, once the word says so: a latch, or an event that stays set. Who must wait
 * is in the queue before it sees the word closed <i>with</i> the mark CONTENDED, which it sets if need be; whoever
 * opens it takes the mark away in the same atomic step, and then signals all. If that one dies in between, they look by
 * themselves within 80 ms.
 */
final class Opening implements Attempt {
    /** In the word: somebody waits. */
    static final long CONTENDED = 1;

    private final SyncMemory memory;
    private final LongPredicate open;

    /** One thread's waiting until the word is so. */
    Opening(SyncMemory memory, LongPredicate open) {
        this.memory = memory;
        this.open = open;
    }

    @Override
    public boolean attempt(Place place) {
        while (true) {
            long word = memory.get(SyncLayout.WORD);
            if (open.test(word)) {
                return true;
            }
            if ((word & CONTENDED) != 0 || memory.compareAndSet(SyncLayout.WORD, word, word | CONTENDED)) {
                return false;
            }
        }
    }

    @Override
    public boolean attemptUnqueued() {
        return open.test(memory.get(SyncLayout.WORD));
    }

    @Override
    public boolean isWorthTrying(Place place) {
        return open.test(memory.get(SyncLayout.WORD));
    }

    @Override
    public void look(Place place) {
        // Nobody holds it up but those who have not opened it yet, and who they are is not known.
    }

    @Override
    public void gaveUp() {
        // All are signalled, so there is nothing to pass on.
    }
}

package org.jvmipc.shm.sync;

/** What a thread that stands in the queue tries again and again, through {@link Waiters#acquire}. */
interface Attempt {
    /**
     * Tries. If it fails, it has left a mark by which whoever changes the state knows that somebody waits, and has seen
     * the state with that mark.
     *
     * @param place where the thread stands
     * @return whether it has what it wanted
     */
    boolean attempt(Place place);

    /**
     * Tries without a place, as there is none left; leaves no mark, as who has none is not signalled either.
     *
     * @return whether the thread has what it wanted
     */
    boolean attemptUnqueued();

    /** Whether trying may succeed; only reads, and quickly. May be asked by another thread. */
    boolean isWorthTrying(Place place);

    /** Called about every 80 ms while the thread waits: whether somebody has died that holds it up. */
    void look(Place place);

    /** The thread has what it wanted, and has left its place. */
    default void succeeded() {
        // Mostly it is for whoever gives it back to signal the next.
    }

    /** The thread goes without what it wanted, and has left its place: what was signalled to it is for the next. */
    void gaveUp();
}

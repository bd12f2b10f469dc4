package org.jvmipc.shm.sync;

import java.util.Comparator;

/**
 * That a thread waits for another. Equal only if it is still the same waiting.
 *
 * @param waiting whose, and for what
 * @param holder who holds that
 * @param holderOwner how the holder stands in the memory
 */
record WaitEdge(Wait waiting, Actor holder, long holderOwner) {
    /** The order in which threads give way: who began to wait last is last. The same in whatever process looks. */
    static final Comparator<WaitEdge> ORDER = Comparator.<WaitEdge>comparingLong(edge -> edge.waiting().since())
            .thenComparingLong(edge -> edge.waiting().lock().generation())
            .thenComparingLong(edge -> WaitState.ticket(edge.waiting().epoch()));

    /**
     * That a thread waits.
     *
     * @param lock for what
     * @param record the offset of its record
     * @param actor which thread
     * @param owner how it stands in the memory
     * @param epoch its {@link WaitState}, which is not given twice
     * @param since when its record was claimed, in milliseconds of the wall clock
     * @param threadName the beginning of its name
     */
    record Wait(LockView lock, int record, Actor actor, long owner, long epoch, long since, String threadName) {
    }
}

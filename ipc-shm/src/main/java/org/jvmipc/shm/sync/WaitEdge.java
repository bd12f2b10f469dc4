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
    /**
     * Who of a cycle gives way is the greatest, the same in whatever process looks: who began to wait last. That is
     * never one who returns from a condition and so must have its lock: another took that lock after the waiting began,
     * and began to wait later itself. Only a step of the clock, or two in the same millisecond, could make it seem
     * so; therefore that is compared first.
     */
    static final Comparator<WaitEdge> ORDER = Comparator.<WaitEdge, Boolean>comparing(
            edge -> !WaitState.isReturning(edge.waiting().epoch()))
            .thenComparingLong(edge -> edge.waiting().since())
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

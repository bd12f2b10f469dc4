package org.jvmipc.shm.sync;

/**
 * What somebody waits for, as 64 bits: what for, whether it came there by a signal that must not be lost, which
 * condition, and a ticket, which is the order. 0 for one who does not wait (yet, or any more). As no ticket is given
 * twice, neither is a state, and a compare-and-set of one can be trusted.
 */
final class WaitState {
    /** For the lock, a permit, or whatever only one gets at a time. */
    static final int EXCLUSIVE = 1;
    /** For what others may have at the same time. */
    static final int SHARED = 2;
    /** For a signal; with the number of the condition. */
    static final int CONDITION = 3;

    /** For what its holders may or may not give, as they were promised: a request to a {@link Banker}. */
    static final int REQUEST = 4;

    /** For others to come to a barrier. */
    static final int ARRIVAL = 5;

    /** Sets of purposes, as bits. */
    static final int ACQUIRERS = 1 << EXCLUSIVE | 1 << SHARED;
    static final int CONDITIONS = 1 << CONDITION;
    static final int REQUESTS = 1 << REQUEST;
    static final int ARRIVALS = 1 << ARRIVAL;
    static final int ALL = ~1;

    static final long PURPOSE_MASK = 15;
    /** It was signalled at a condition, and has not come out of the waiting yet. */
    static final long SIGNALLED = 16;
    /** It was first for a while and did not take what was free: it is stopped. Others go past it until it tries. */
    static final long PASSED = 32;
    /** It waits for the lock after a condition, unsignalled, and must not go without it. */
    static final long RETURNS = 64;
    /** It was chosen to give way in a deadlock, and is about to. */
    static final long VICTIM = 128;
    /** Of one who is SHARED: it may have got what it wants already, and not said so yet. */
    static final long ENTERS = 256;
    static final int DETAIL_SHIFT = 8;
    static final long DETAIL_MASK = 255;
    static final int TICKET_SHIFT = 16;

    private WaitState() {
    }

    static long of(int purpose, int detail, long ticket) {
        return ticket << TICKET_SHIFT | (long) detail << DETAIL_SHIFT | purpose;
    }

    static int purpose(long state) {
        return (int) (state & PURPOSE_MASK);
    }

    static int detail(long state) {
        return (int) (state >>> DETAIL_SHIFT & DETAIL_MASK);
    }

    static long ticket(long state) {
        return state >>> TICKET_SHIFT;
    }

    static boolean isSignalled(long state) {
        return (state & SIGNALLED) != 0;
    }

    static boolean isPassed(long state) {
        return (state & PASSED) != 0;
    }

    static boolean isVictim(long state) {
        return (state & VICTIM) != 0;
    }

    /** Whether it comes from a condition, and so must have the lock before it can go on. */
    static boolean isReturning(long state) {
        return (state & (SIGNALLED | RETURNS)) != 0;
    }

    /** Whether it surely has not got what it waits for; of one who is EXCLUSIVE, the lock's word tells. */
    static boolean isWithout(long state) {
        return purpose(state) != SHARED || (state & ENTERS) == 0;
    }

    /** What stays the same as long as it waits. */
    static long epoch(long state) {
        return state & ~(PASSED | VICTIM);
    }

    /** Whether the purpose is one of a set. */
    static boolean isOf(long state, int purposes) {
        return (1 << purpose(state) & purposes & ~1) != 0;
    }
}

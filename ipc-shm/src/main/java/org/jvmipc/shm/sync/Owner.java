package org.jvmipc.shm.sync;

/**
 * Who holds or waits, as 64 bits: the {@linkplain org.jvmipc.shm.SharedSegment#participant() participant} in the upper
 * half, the lowest bits of the Java thread's number below it, and four bits that are free for other use. Never 0.
 *
 * <p>A participant's number names a slot and its occupancy, so it is not given to a newcomer when a process dies, and
 * whether it lives is told by the life sign of its process: a process number that is used again, or a zombie, deceives
 * nobody. The thread's number is for people. That a thread may unlock is decided by the heap of its own process.
 */
final class Owner {
    static final int PARTICIPANT_SHIFT = 32;
    static final int THREAD_SHIFT = 4;
    static final long THREAD_MASK = (1L << PARTICIPANT_SHIFT - THREAD_SHIFT) - 1;
    /** The bits that are not the owner's. */
    static final long FLAGS = (1L << THREAD_SHIFT) - 1;

    private Owner() {
    }

    static long of(long participantBits, Thread thread) {
        return participantBits | (thread.getId() & THREAD_MASK) << THREAD_SHIFT;
    }

    static int participant(long owner) {
        return (int) (owner >>> PARTICIPANT_SHIFT);
    }

    static long thread(long owner) {
        return owner >>> THREAD_SHIFT & THREAD_MASK;
    }
}

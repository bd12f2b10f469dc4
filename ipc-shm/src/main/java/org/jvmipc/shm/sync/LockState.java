package org.jvmipc.shm.sync;

/**
 * The word of a lock: its {@link Owner}, nothing if it is free, and four flags in the bits that are left.
 */
final class LockState {
    /** Somebody waits, and has to be signalled by whoever lets go. */
    static final long CONTENDED = 1;
    /** A holder has died, and nobody has repaired what it left. */
    static final long INCONSISTENT = 2;
    /** Nobody gets it any more. */
    static final long UNRECOVERABLE = 4;
    /** Its owner still waits for readers to go, and has changed nothing. */
    static final long DRAINING = 8;

    private LockState() {
    }

    /** Whether whoever comes next has to be told something, also if nobody who knows it is left. */
    static boolean isToBeTold(long word) {
        return has(word, INCONSISTENT | UNRECOVERABLE) || isHeld(word) && !has(word, DRAINING);
    }

    static boolean isHeld(long word) {
        return (word & ~Owner.FLAGS) != 0;
    }

    static long owner(long word) {
        return word & ~Owner.FLAGS;
    }

    static boolean has(long word, long flag) {
        return (word & flag) != 0;
    }

    /** In what state what it protects is. */
    static SyncState state(long word) {
        if (has(word, UNRECOVERABLE)) {
            return SyncState.UNRECOVERABLE;
        }
        return has(word, INCONSISTENT) ? SyncState.INCONSISTENT : SyncState.CONSISTENT;
    }
}

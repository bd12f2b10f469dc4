package org.jvmipc.shm.sync;

/** What a {@link DeadlockDetector} does about a deadlock. */
public enum DeadlockPolicy {
    /** Tells it to its listener, and leaves it. */
    REPORT,
    /**
     * Chooses a victim, whose waiting ends with {@link DeadlockException}, whatever its process, and tells its listener
     * then.
     */
    BREAK
}

package org.jvmipc.shm.sync;

/** Whether what a lock protects can be trusted. */
public enum SyncState {
    /** Nobody has died in the middle of changing it. */
    CONSISTENT,
    /** A holder has died, and nobody has repaired what it left. */
    INCONSISTENT,
    /** A holder has died, and whoever looked at what it left gave it up. */
    UNRECOVERABLE
}

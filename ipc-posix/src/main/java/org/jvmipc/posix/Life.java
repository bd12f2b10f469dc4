package org.jvmipc.posix;

/** What is known about whether a process lives. */
public enum Life {
    /** It runs, or is stopped: it may go on at any moment. */
    ALIVE,
    /** It has ended, or is a zombie: it will never again touch anything shared. */
    DEAD,
    /** It cannot be told from here. To be treated as alive. */
    UNKNOWN
}

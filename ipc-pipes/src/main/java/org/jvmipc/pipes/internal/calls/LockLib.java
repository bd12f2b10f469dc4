package org.jvmipc.pipes.internal.calls;

/** Locks on open files of any kind. */
public interface LockLib {

    /** {@code flock(2)}. */
    int flock(int fd, int operation);
}

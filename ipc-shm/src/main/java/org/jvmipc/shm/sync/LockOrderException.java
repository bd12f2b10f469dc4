package org.jvmipc.shm.sync;

import org.jvmipc.IpcException;

/** A thread wanted a lock out of order; it does not have it, and nothing has changed. See {@link LockOrder}. */
public final class LockOrderException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** Where the lock that is held was taken. */
    private final transient StackTraceElement heldAt;
    /** Where the other was wanted. */
    private final transient StackTraceElement wantedAt;

    /**
     * Creates the exception.
     *
     * @param message both locks and places
     * @param heldAt where the lock that is held was taken
     * @param wantedAt where the other was wanted
     */
    public LockOrderException(String message, StackTraceElement heldAt, StackTraceElement wantedAt) {
        super(message);
        this.heldAt = heldAt;
        this.wantedAt = wantedAt;
    }

    /**
     * Where the lock that is held was taken.
     *
     * @return a line of code
     */
    public StackTraceElement heldAt() {
        return heldAt;
    }

    /**
     * Where the other was wanted.
     *
     * @return a line of code
     */
    public StackTraceElement wantedAt() {
        return wantedAt;
    }
}

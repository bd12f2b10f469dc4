package org.jvmipc.shm.sync;

import org.jvmipc.IpcException;

/**
 * This thread waited for a lock in a deadlock, and a {@link DeadlockDetector} chose it to give way. It does not have
 * the lock, and still holds all that it held before: it should unlock that, and begin again.
 */
public final class DeadlockException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which lock, and who holds it
     */
    public DeadlockException(String message) {
        super(message);
    }
}

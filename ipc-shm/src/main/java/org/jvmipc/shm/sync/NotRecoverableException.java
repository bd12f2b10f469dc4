package org.jvmipc.shm.sync;

import org.jvmipc.IpcException;

/**
 * A lock was given up: a process died while it held it, and whoever got it next did not say that what it protects is
 * consistent again; or a holder said that it never will be. Nobody can have this lock any more: close it everywhere,
 * destroy it, and begin anew.
 */
public final class NotRecoverableException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which lock
     */
    public NotRecoverableException(String message) {
        super(message);
    }
}

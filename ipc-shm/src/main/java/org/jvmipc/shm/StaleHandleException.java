package org.jvmipc.shm;

import org.jvmipc.IpcException;

/**
 * A handle stands for no block that could be taken: it was used before, its block was reclaimed, it is of another pool,
 * or a number like any other. No block was touched.
 */
public final class StaleHandleException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** The handle. */
    private final long handle;

    /**
     * Creates the exception.
     *
     * @param handle as it was given
     * @param message what is wrong with it, and where
     */
    public StaleHandleException(long handle, String message) {
        super(message);
        this.handle = handle;
    }

    /**
     * The handle that was refused.
     *
     * @return as it was given to {@link SharedPool#take}
     */
    public long handle() {
        return handle;
    }
}

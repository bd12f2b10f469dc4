package org.jvmipc.signals;

import org.jvmipc.IpcException;

/** The process to send a signal to does not exist (any more), {@code ESRCH}: nobody has got it. */
public final class NoSuchProcessException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** The process or group. */
    private final long pid;

    /**
     * Creates the exception.
     *
     * @param message what was to be sent to whom
     * @param pid the process, or the group
     */
    public NoSuchProcessException(String message, long pid) {
        super(message);
        this.pid = pid;
    }

    /**
     * Who does not exist.
     *
     * @return the number of the process or group
     */
    public long pid() {
        return pid;
    }
}

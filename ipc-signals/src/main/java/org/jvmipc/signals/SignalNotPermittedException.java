package org.jvmipc.signals;

import org.jvmipc.IpcException;

/** The process exists, and this one may not send it signals, {@code EPERM}: it belongs to another user. */
public final class SignalNotPermittedException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** The process or group. */
    private final long pid;

    /**
     * Creates the exception.
     *
     * @param message what was to be sent to whom
     * @param pid the process, or the group
     */
    public SignalNotPermittedException(String message, long pid) {
        super(message);
        this.pid = pid;
    }

    /**
     * Who may not be sent to.
     *
     * @return the number of the process or group
     */
    public long pid() {
        return pid;
    }
}

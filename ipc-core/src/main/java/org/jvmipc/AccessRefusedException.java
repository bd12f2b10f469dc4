package org.jvmipc;

/** A file, directory, socket or peer was refused because of its owner, mode or kind. */
public final class AccessRefusedException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was refused, why, and how to allow it
     */
    public AccessRefusedException(String message) {
        super(message);
    }
}

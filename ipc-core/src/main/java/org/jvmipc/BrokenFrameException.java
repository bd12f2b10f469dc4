package org.jvmipc;

/** A peer sent bytes that are no frame, or vanished in the middle of one. The connection is over. */
public final class BrokenFrameException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was found, what was allowed
     */
    public BrokenFrameException(String message) {
        super(message);
    }
}

package org.jvmipc;

/** The channel exists with a different geometry, layout version, byte order or message type. */
public final class IncompatibleChannelException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what differs, with the value expected and the value found
     */
    public IncompatibleChannelException(String message) {
        super(message);
    }
}

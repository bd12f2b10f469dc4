package org.jvmipc;

/** This endpoint was closed, before the call or while it waited. */
public final class ChannelClosedException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which endpoint was closed
     */
    public ChannelClosedException(String message) {
        super(message);
    }
}

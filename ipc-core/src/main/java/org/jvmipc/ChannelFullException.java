package org.jvmipc;

/** The channel, or its queue of asynchronous operations, has no room and was told not to wait for it. */
public final class ChannelFullException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which limit was met
     */
    public ChannelFullException(String message) {
        super(message);
    }
}

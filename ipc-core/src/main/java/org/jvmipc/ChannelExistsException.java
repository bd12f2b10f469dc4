package org.jvmipc;

/** The channel was to be created, and exists already. */
public final class ChannelExistsException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which channel, and what to do
     */
    public ChannelExistsException(String message) {
        super(message);
    }
}

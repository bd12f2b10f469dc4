package org.jvmipc;

/** The channel was to be attached to, and does not exist. */
public final class ChannelNotFoundException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which channel, and what to do
     */
    public ChannelNotFoundException(String message) {
        super(message);
    }
}

package org.jvmipc;

/**
 * The blocking receive found the end of the channel: all senders have gone and all that they sent has been received.
 */
public final class EndOfChannelException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which channel ended and why
     */
    public EndOfChannelException(String message) {
        super(message);
    }
}

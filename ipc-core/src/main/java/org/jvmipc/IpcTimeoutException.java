package org.jvmipc;

/**
 * The deadline of a call passed; nothing was sent by it, unless it was a request, which may have been worked on without
 * a reply in time. The message names the peer that holds the channel up, where
 * it is known.
 */
public final class IpcTimeoutException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was waited for, how long, and who holds it up
     */
    public IpcTimeoutException(String message) {
        super(message);
    }
}

package org.jvmipc;

/** The replier has received a request and could not do it; the message says why, in the replier's words. */
public final class RequestFailedException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what the replier said
     */
    public RequestFailedException(String message) {
        super(message);
    }
}

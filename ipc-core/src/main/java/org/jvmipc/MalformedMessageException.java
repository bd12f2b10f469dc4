package org.jvmipc;

/**
 * A message's bytes are no value of the type that the receiver expects. The message counts as received; the channel
 * stays usable.
 */
public final class MalformedMessageException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was expected and what was found
     */
    public MalformedMessageException(String message) {
        super(message);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message what was expected and what was found
     * @param cause what the decoder threw
     */
    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
